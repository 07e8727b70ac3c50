// expect: what runs in a transaction says by a Result whether to commit

#include <bulkhead/database.hpp>

int count(bulkhead::db::Database& database) {
    return database.transaction([](bulkhead::db::Session&) { return 0; });
}
