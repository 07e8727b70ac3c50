#include "db/schema.hpp"
#include "commands.hpp"
#include "loaded.hpp"

#include <bulkhead/json.hpp>

#include <iostream>

namespace bulkhead::app {
namespace {

Result<int> show_schema(const CommandOptions& options) {
    const auto generation = load_migrated(options.config);
    if (!generation)
        return generation.error();
    const db::HandlerScope scope;
    db::Database database((*generation)->pool());
    const auto tables = db::read_schema(database.session(), (*generation)->migration_sets());
    std::cout << (options.json ? json::text_of(tables) + '\n' : db::schema_text(tables));
    return exit_done;
}

}  // namespace

void add_schema(Program& program) {
    program.offer_json(
        program.add("schema", "Print the tables of the database as Markdown", show_schema));
}

}  // namespace bulkhead::app
