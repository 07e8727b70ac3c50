#pragma once
// A real database of its own, on the engine under test, for tests of a service or a repository
// without its module.
//
//     TestDatabase database{schema_of(bulkhead::module_migrations())};
//     Service service{database.database()};

#include <bulkhead/database.hpp>
#include <bulkhead/module.hpp>
#include <bulkhead/test/empty_database.hpp>
#include <bulkhead/test/temporary_folder.hpp>

#include <functional>

namespace bulkhead::db {
struct Options;  // the core's own
}

namespace bulkhead::test {

class TestDatabase {
public:
    /// `schema` is run as a script.
    explicit TestDatabase(std::string_view schema = {});
    /// For the core's own tests; `options.url` is set here.
    TestDatabase(std::string_view schema, const db::Options& options);
    ~TestDatabase();
    TestDatabase(const TestDatabase&) = delete;
    TestDatabase& operator=(const TestDatabase&) = delete;

    db::Database& database() { return database_; }
    db::Pool& pool() { return *pool_; }
    const db::Options& options() const { return *options_; }
    const std::filesystem::path& file() const;
    const std::filesystem::path& folder() const { return folder_.path(); }

    /// What `work(Session&)` returns, within a handler's reach, which this starts and ends.
    template <class Work>
    auto read(Work&& work) {
        using Made = std::decay_t<std::invoke_result_t<Work&, db::Session&>>;
        if constexpr (std::is_void_v<Made>) {
            handle([&] { work(database_.session()); });
        } else {
            std::optional<Made> made;
            handle([&] { made.emplace(work(database_.session())); });
            return *std::move(made);
        }
    }
    /// In a transaction, which commits unless `work` throws.
    void commit(const std::function<void(db::Session&)>& work);
    /// One statement in a transaction of its own; rows changed.
    std::int64_t write(std::string_view sql, db::Arguments arguments = {});
    std::int64_t count(std::string_view table);

    /// Returns once so many leases wait for their turn.
    void await_waiting(std::int64_t leases);

private:
    static void handle(const std::function<void()>& work);

    TemporaryFolder folder_;
    EmptyDatabase empty_;
    std::unique_ptr<db::Options> options_;
    std::unique_ptr<db::Pool> pool_;
    db::Database database_;
};

/// The text of the up migrations, in their order.
std::string schema_of(std::span<const Migration> migrations);

/// The Failure that `work` throws; fails the test if it throws none.
db::Failure failure_of(const std::function<void()>& work);

}  // namespace bulkhead::test
