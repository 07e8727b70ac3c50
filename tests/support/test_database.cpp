#include "support/test_database.hpp"

#include "db/migrate.hpp"
#include "db/migration_text.hpp"

namespace bulkhead::test {

namespace {

db::Options with_url(db::Options options, const std::string& url) {
    options.url = url;
    return options;
}

}  // namespace

TestDatabase::TestDatabase(std::string_view schema) : TestDatabase(schema, {}) {}

TestDatabase::TestDatabase(std::string_view schema, const db::Options& options)
    : options_(std::make_unique<db::Options>(with_url(options, empty_.url()))),
      pool_(std::make_unique<db::Pool>(*options_, folder_.path())),
      database_(*pool_) {
    if (schema.empty())
        return;
    const auto text = db::text_for(pool_->dialect(), schema);
    if (!text)
        throw std::runtime_error(text.error().message);
    if (auto done = db::run_script(*pool_, "schema", *text); !done)
        throw std::runtime_error(done.error().message);
}

TestDatabase::~TestDatabase() = default;

const std::filesystem::path& TestDatabase::file() const {
    return pool_->file();
}

void TestDatabase::handle(const std::function<void()>& work) {
    const db::HandlerScope scope;
    work();
}

void TestDatabase::commit(const std::function<void(db::Session&)>& work) {
    (void)database_.transaction([&work](db::Session& session) -> Result<> {
        work(session);
        return Done{};
    });
}

std::int64_t TestDatabase::write(std::string_view sql, db::Arguments arguments) {
    std::int64_t changed = 0;
    commit([&](db::Session& session) { changed = session.run(sql, arguments); });
    return changed;
}

std::int64_t TestDatabase::count(std::string_view table) {
    return read([&](db::Session& session) {
        return session.one<std::int64_t>("select count(*) from " + std::string(table));
    });
}

void TestDatabase::await_waiting(std::int64_t leases) {
    while (pool_->statistics().waiting != leases)
        std::this_thread::yield();
}

std::string schema_of(std::span<const Migration> migrations) {
    std::string schema;
    for (const auto& migration : migrations)
        schema.append(migration.up).append("\n");
    return schema;
}

db::Failure failure_of(const std::function<void()>& work) {
    try {
        work();
    } catch (const db::Failure& failure) {
        return failure;
    }
    throw std::runtime_error("there was no Failure");
}

}  // namespace bulkhead::test
