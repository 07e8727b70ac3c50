// Reads the table of another module, writes one of the core's, and asks for one that is nobody's.
#include <bulkhead/module.hpp>

namespace {

class ReaderModule final : public bulkhead::Module {
public:
    explicit ReaderModule(bulkhead::Core& core) : database_(core.database()) {
        core.serve(routes, *this);
    }

private:
    static bulkhead::Result<bulkhead::Done> read(ReaderModule& reader) {
        auto& sql = reader.database_.session();
        sql.all<std::string>(
            "with recent as (select id from notes) select label from recent r"
            " join shelves on shelves.id = r.id");
        sql.run("delete from schema_migrations where name = :name", {{"name", "x"}});
        sql.run("UPDATE pages SET number = 1");
        sql.run("insert into notes (id) values (1)");
        return bulkhead::Done{};
    }
    static void routes(bulkhead::Routes<ReaderModule>& on) {
        on.get("/notes", read).open().summary("Select a note from the list");
    }

    bulkhead::db::Database database_;
};

}  // namespace

BULKHEAD_MODULE(.name = "reader", .version = "1.0.0", .start = bulkhead::start<ReaderModule>)
