#include "commands.hpp"

int main(int argc, char** argv) {
    using namespace bulkhead::app;
    Program program;

    add_serve(program);   // serve [--single | --safe]
    add_worker(program);  // what `serve` starts; hidden

    add_check(program);    // would it serve?
    add_plan(program);     // what would applying do?
    add_apply(program);    // make the running server take what has changed
    add_modules(program);  // the modules and their states
    add_routes(program);   // the route table
    add_openapi(program);  // the same for programs
    add_inspect(program);  // one module file
    add_verify(program);   // do modules keep to their boundaries?

    add_migrate(program);  // migrate up, down, contract, redo, status
    add_schema(program);   // the tables as they are
    add_seed(program);     // sample data
    add_backup(program);   // the database into a file
    add_restore(program);  // and back
    add_events(program);   // events list | replay | drop | forget
    add_admin(program);    // admin create

    add_new_module(program);  // the sources of a module to begin with

    add_version(program);

    return program.run(argc, argv);
}
