#pragma once
// The commands, each in the .cpp of its name. A new one is such a file, a line here and a line in
// main.cpp.

#include "program.hpp"

namespace bulkhead::app {

void add_serve(Program& program);
void add_worker(Program& program);
void add_plan(Program& program);
void add_apply(Program& program);
void add_check(Program& program);
void add_modules(Program& program);
void add_routes(Program& program);
void add_openapi(Program& program);
void add_inspect(Program& program);
void add_verify(Program& program);
void add_migrate(Program& program);
void add_schema(Program& program);
void add_seed(Program& program);
void add_backup(Program& program);
void add_restore(Program& program);
void add_events(Program& program);
void add_admin(Program& program);
void add_new_module(Program& program);
void add_version(Program& program);

}  // namespace bulkhead::app
