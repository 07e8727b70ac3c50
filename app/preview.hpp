#pragma once

#include "module/plan.hpp"

namespace bulkhead::app {

/// What a configuration and the module directory would come to.
struct Preview {
    module::Description description;
    std::vector<module::PendingMigration> pending;

    static auto fields() {
        return shape(field("description", &Preview::description),
                     field("pending", &Preview::pending, items(0, 100'000)));
    }
};

/// Constructs the generation in a process of its own, where a module may crash, end the process or
/// hang. Changes neither database nor server.data; the module's private copies aside, nothing of it
/// is left. Refused with step, module and reason; `timeout` after server.ready_seconds. Made on the
/// main thread, before any other starts; SIGINT and SIGTERM end it.
Result<Preview> preview(module::Configuration configuration, const module::Terms& terms);

}  // namespace bulkhead::app
