// expect: ignoring return

#include <bulkhead/result.hpp>

bulkhead::Result<> cancel();

void end_of_day() {
    cancel();
}
