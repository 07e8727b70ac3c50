// How the engines find what the lists of this module show.

#include "modules/orders/repository.hpp"

#include "db/plans.hpp"
#include "support/schema_of.hpp"
#include "support/test_database.hpp"

#include <bulkhead/search.hpp>

#include <catch2/catch.hpp>

#include <sstream>

using namespace orders;
using bulkhead::test::on_postgresql;
using bulkhead::test::schema_of;
using bulkhead::test::TestDatabase;

namespace {

constexpr int products = 3'000;
constexpr int orders_of_each = 3'000;
constexpr int customers = 3;

struct OrderLine {
    OrderId id;
    users::UserId customer_id;
    std::string status = "placed";
    std::int64_t total = 1;
    std::string currency = "EUR";
    Timestamp created_at{};
    Timestamp updated_at{};

    static auto fields() {
        return shape(field("id", &OrderLine::id), field("customer_id", &OrderLine::customer_id),
                     field("status", &OrderLine::status), field("total", &OrderLine::total),
                     field("currency", &OrderLine::currency),
                     field("created_at", &OrderLine::created_at),
                     field("updated_at", &OrderLine::updated_at));
    }
};

struct ItemLine {
    OrderId order_id;
    std::int32_t position = 0;
    ProductId product_id;
    std::int32_t quantity = 1;
    std::int64_t unit_price = 1;

    static auto fields() {
        return shape(field("order_id", &ItemLine::order_id), field("position", &ItemLine::position),
                     field("product_id", &ItemLine::product_id),
                     field("quantity", &ItemLine::quantity),
                     field("unit_price", &ItemLine::unit_price));
    }
};

struct Warehouse {
    TestDatabase test{schema_of("orders")};
    users::UserId customer = users::UserId::fresh();
    Product middle;
    OrderLine early;

    Warehouse() {
        std::vector<Product> catalogue;
        for (int number = 0; number < products; ++number)
            catalogue.push_back({ProductId::fresh(), std::to_string(number),
                                 "Thing " + std::to_string(number % 1'000), "Of oak.", number,
                                 "EUR", number % 10, now(), now()});
        middle = catalogue[products / 2];
        std::vector<OrderLine> placed;
        std::vector<ItemLine> items;
        for (int number = 0; number < customers * orders_of_each; ++number) {
            const auto at = now();
            placed.push_back({OrderId::fresh(),
                              number % customers == 0 ? customer : users::UserId::fresh(), "placed",
                              1, "EUR", at, at});
            items.push_back({placed.back().id, 0, middle.id});
            items.push_back({placed.back().id, 1, catalogue.front().id});
        }
        early = placed[300];
        test.commit([&](db::Session& sql) {
            sql.insert_all("products", catalogue);
            sql.insert_all("orders", placed);
            sql.insert_all("order_items", items);
        });
        test.write("analyze");
        if (on_postgresql())  // What autovacuum does in its time.
            test.write("select gin_clean_pending_list('products_by_words')");
    }

    /// The plans of what `list` selects.
    template <class List>
    std::vector<std::string> plans_of(List&& list) {
        return test.read([&](db::Session& sql) {
            const db::Plans plans;
            list(sql);
            return plans.seen();
        });
    }
};

bool reads_without_index(const std::string& step) {
    if (on_postgresql())
        return step.find("Seq Scan") != std::string::npos || step.find("Sort") != std::string::npos;
    return (step.starts_with("SCAN") && step.find(" INDEX ") == std::string::npos &&
            step.find("VIRTUAL TABLE") == std::string::npos) ||
           step.find("TEMP B-TREE") != std::string::npos;
}

std::vector<std::string> steps_without_index(const std::string& plan) {
    std::vector<std::string> steps;
    std::istringstream lines(plan);
    for (std::string step; std::getline(lines, step);)
        if (reads_without_index(step))
            steps.push_back(step);
    return steps;
}

}  // namespace

TEST_CASE("orders plans: every page of a list comes out of an index in its order") {
    Warehouse house;
    const ProductFilter filter{.min_price = 100, .currency = "EUR", .in_stock = true};
    using Sql = db::Session;
    const std::vector<std::pair<std::string, std::function<std::size_t(Sql&)>>> lists{
        {"the first products",
         [&](Sql& sql) { return repository::list_products(sql, {}, {}, 21).size(); }},
        {"the next products",
         [&](Sql& sql) {
             return repository::list_products(sql, {},
                                              ProductKey{house.middle.name, house.middle.id}, 21)
                 .size();
         }},
        {"the next products of those filtered",
         [&](Sql& sql) {
             return repository::list_products(sql, filter,
                                              ProductKey{house.middle.name, house.middle.id}, 21)
                 .size();
         }},
        {"the first orders",
         [&](Sql& sql) { return repository::list_orders(sql, house.customer, {}, 21).size(); }},
        {"the next orders",
         [&](Sql& sql) {
             return repository::list_orders(sql, house.customer,
                                            OrderKey{house.early.created_at, house.early.id}, 21)
                 .size();
         }},
    };

    for (const auto& [name, list] : lists) {
        const auto plans = house.plans_of([&, &list = list](Sql& sql) { CHECK(list(sql) == 21); });

        CHECK_FALSE(plans.empty());
        for (const auto& plan : plans) {
            INFO(name << "\n" << plan);
            CHECK(steps_without_index(plan).empty());
        }
    }
}

TEST_CASE("orders plans: a search looks words up, and then its products by their ids") {
    Warehouse house;

    const auto plans = house.plans_of([&](db::Session& sql) {
        const auto words = db::search_words(sql.dialect(), "777 thi");
        const auto ranks = repository::search_products(sql, words, {}, {}, 5);
        CHECK(repository::products_of(sql, ranks).size() == products / 1'000);
    });

    REQUIRE(plans.size() == 2);
    INFO(plans[0] << "\n" << plans[1]);
    CHECK(plans[0].find(on_postgresql() ? "products_by_words" : "product_words VIRTUAL TABLE") !=
          std::string::npos);
    CHECK(plans[0].find("Seq Scan") == std::string::npos);
    CHECK(plans[1].find("Seq Scan") == std::string::npos);
    CHECK(plans[1].find("SCAN products") == std::string::npos);
}
