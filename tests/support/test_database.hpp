#pragma once
// A real SQLite file in a temporary folder of its own.

#include "db/pool.hpp"
#include "support/temporary_folder.hpp"

#include <functional>
#include <thread>

namespace bulkhead::test {

class TestDatabase {
public:
    /// `options.url` is set here. `schema` is run as a script.
    explicit TestDatabase(std::string_view schema = {}, db::Options options = {});
    ~TestDatabase();

    db::Pool& pool() { return *pool_; }
    db::Database& database() { return database_; }
    const std::filesystem::path& file() const { return pool_->file(); }
    const std::filesystem::path& folder() const { return folder_.path(); }
    const db::Options& options() const { return options_; }

    /// Within a handler's reach, which this starts and ends.
    template <class Work>
    auto read(Work&& work) {
        const db::HandlerScope scope;
        return work(database_.session());
    }
    /// In a transaction, which commits unless `work` throws.
    void commit(const std::function<void(db::Session&)>& work);
    /// One statement in a transaction of its own; rows changed.
    std::int64_t write(std::string_view sql, db::Arguments arguments = {});
    std::int64_t count(std::string_view table);

    /// Returns once so many leases wait for their turn.
    void await_waiting(std::int64_t leases);

private:
    TemporaryFolder folder_;
    db::Options options_;
    std::unique_ptr<db::Pool> pool_;
    db::Database database_;
};

/// The Failure that `work` throws; fails the test if it throws none.
db::Failure failure_of(const std::function<void()>& work);

/// Threads that are joined at the end.
class Threads {
public:
    void start(std::function<void()> work) { threads_.emplace_back(std::move(work)); }
    void join() { threads_.clear(); }

private:
    std::vector<std::jthread> threads_;
};

}  // namespace bulkhead::test
