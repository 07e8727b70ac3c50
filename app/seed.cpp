#include "commands.hpp"
#include "loaded.hpp"
#include "progress.hpp"
#include "sample.hpp"

#include <bulkhead/request.hpp>

#include <CLI/Validators.hpp>

#include <algorithm>
#include <iostream>

namespace bulkhead::app {

/// db/seeds/<module>.sql, embedded: the name is the module's, the value the script.
std::span<const NamedText> seeds();

namespace {

using sample::Size;

constexpr std::int64_t rows_per_transaction = 5'000;

/// Rows of one module that follow from their numbers.
struct Stage {
    std::string_view module;
    std::string_view rows;
    std::string_view find;  ///< counts the row of :id
    sample::Kind kind;
    std::int64_t count;
    void (*add)(db::Session& sql, std::int64_t first, std::int64_t last);
};

std::vector<Stage> stages_of(Size size) {
    const auto amounts = sample::amounts_of(size);
    using sample::Kind;
    return {{"users", "users", "select count(*) from users where id = :id", Kind::user,
             amounts.users, sample::add_users},
            {"auth", "credentials", "select count(*) from credentials where user_id = :id",
             Kind::user, amounts.users, sample::add_credentials},
            {"orders", "products", "select count(*) from products where id = :id", Kind::product,
             amounts.products, sample::add_products},
            {"orders", "orders", "select count(*) from orders where id = :id", Kind::order,
             amounts.orders, sample::add_orders}};
}

// Each of them is one transaction: where its last row is, all are, or were.
void load(db::Session& sql, const Stage& stage, std::int64_t first, std::int64_t last) {
    if (sql.one<std::int64_t>(stage.find, {{"id", sample::id_of(stage.kind, last)}}) == 0)
        stage.add(sql, first, last);
}

void load(db::Database& database, const Stage& stage) {
    Progress progress(stage.rows, stage.count);
    for (std::int64_t first = 1; first <= stage.count; first += rows_per_transaction) {
        const auto last = std::min(stage.count, first + rows_per_transaction - 1);
        (void)database.transaction([&](db::Session& sql) -> Result<> {
            load(sql, stage, first, last);
            return Done{};
        });
        if (stage.count > rows_per_transaction)
            progress.show(last);
    }
}

Result<> seed_module(db::Pool& pool, std::string_view module, Size size) {
    for (const auto& [name, script] : seeds())
        if (name == module)
            if (auto done = db::run_script(pool, name, script); !done)
                return done;
    db::Database database(pool);
    for (const auto& stage : stages_of(size))
        if (stage.module == module)
            load(database, stage);
    return Done{};
}

Result<int> seed(Size size, const CommandOptions& options) {
    const auto generation = load_migrated(options.config);
    if (!generation)
        return generation.error();
    for (const std::string_view module : {"users", "auth", "orders"}) {
        const auto* found = status_of(**generation, module);
        if (found == nullptr || found->state != module::State::running) {
            std::cout << module << ": left out, the module does not run\n";
            continue;
        }
        if (auto done = seed_module((*generation)->pool(), module, size); !done)
            return done.error();
        std::cout << module << ": seeded\n";
    }
    return exit_done;
}

}  // namespace

void add_seed(Program& program) {
    auto size = std::make_shared<Size>(Size::small);
    auto& command =
        program.add("seed", "Put sample data into the database; again changes nothing",
                    [size](const CommandOptions& options) { return seed(*size, options); });
    std::map<std::string, Size> sizes;
    for (const auto each : {Size::small, Size::medium, Size::large})
        sizes.emplace(names(each)[static_cast<std::size_t>(each)], each);
    command
        .add_option("--size", *size,
                    "How much: 12, 1,000 or 10,000 products, up to a million orders")
        ->transform(CLI::CheckedTransformer(sizes))
        ->type_name("small|medium|large")
        ->default_str("small");
}

}  // namespace bulkhead::app
