// GET /products?q=...

#include "tests/modules/orders/catalogue.hpp"

#include <boost/json.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <catch2/catch.hpp>

#include <set>

using namespace bulkhead::test;

namespace {

using Names = std::vector<std::string>;

std::string escaped(std::string_view text) {
    return boost::urls::encode(text, boost::urls::unreserved_chars);
}

Names names_in(const Response& response) {
    INFO(response.body);
    REQUIRE(response.status == 200);
    Names names;
    for (const auto& product : response.data().as_array())
        names.emplace_back(product.at("name").as_string().c_str());
    return names;
}

struct Catalogue {
    TestApp app{"users", "orders"};

    Catalogue() {
        add_product(app, {.name = "Brass bell", .price = 500, .stock = 3});
        add_product(app, {.name = "Bell rope, 3-strand", .price = 900, .stock = 0});
        add_product(app, {.name = "Éclairage à l'huile", .price = 700});
        add_product(app, {.name = "Anchor", .price = 500, .currency = "SEK"});
        app.execute("update products set description = 'Made of brass.' where name = 'Anchor'");
    }
    Names search(std::string_view text, const std::string& filters = {}) {
        return names_in(app.get("/products?q=" + escaped(text) + filters));
    }
};

}  // namespace

TEST_CASE("orders: a search finds what has all words, the last one as a beginning") {
    Catalogue catalogue;
    const auto [typed, found] = GENERATE(table<std::string, Names>({
        {"brass bell", {"Brass bell"}},
        {"BELL br", {"Brass bell"}},
        {"ancho", {"Anchor"}},
        {"anch brass", {}},
        {"strand", {"Bell rope, 3-strand"}},
        {"3-strand rope", {"Bell rope, 3-strand"}},
        {"eclairage", {"Éclairage à l'huile"}},
        {"ÉCLAIRAGE HUIL", {"Éclairage à l'huile"}},
        {"e\u0301clair", {"Éclairage à l'huile"}},
        {"galleon", {}},
        {"***", {}},
    }));
    INFO(typed);

    CHECK(catalogue.search(typed) == found);
}

TEST_CASE("orders: a word of the name weighs more than one of the description") {
    Catalogue catalogue;

    CHECK(catalogue.search("brass") == Names{"Brass bell", "Anchor"});
}

TEST_CASE("orders: filters narrow the catalogue and a search alike") {
    Catalogue catalogue;
    const auto [filters, found] = GENERATE(table<std::string, Names>({
        {"min_price=700", {"Bell rope, 3-strand", "Éclairage à l'huile"}},
        {"max_price=500&currency=EUR", {"Brass bell"}},
        {"currency=SEK", {"Anchor"}},
        {"in_stock=false", {"Bell rope, 3-strand"}},
        {"in_stock=true&min_price=500&max_price=500", {"Anchor", "Brass bell"}},
        {"q=", {"Anchor", "Bell rope, 3-strand", "Brass bell", "Éclairage à l'huile"}},
        {"q=bell&in_stock=true", {"Brass bell"}},
        {"q=bell&min_price=501&max_price=900", {"Bell rope, 3-strand"}},
        {"q=brass&currency=SEK", {"Anchor"}},
    }));
    INFO(filters);

    CHECK(names_in(catalogue.app.get("/products?" + filters)) == found);
}

TEST_CASE("orders: a search goes on page by page, each product once") {
    TestApp app{"users", "orders"};
    for (int number = 0; number < 7; ++number)
        add_product(app, {.name = number % 2 == 0 ? "Rope" : "Rope and more rope"});
    const auto query = GENERATE(as<std::string>{}, "/products?q=rope", "/products?min_price=1");

    std::set<std::string> seen;
    std::size_t rows = 0;
    std::string cursor;
    do {
        const auto page = app.get(query + "&limit=2" + cursor);
        REQUIRE(page.status == 200);
        for (const auto& product : page.data().as_array()) {
            seen.emplace(product.at("id").as_string().c_str());
            ++rows;
        }
        const auto& next = page.meta().at("next_cursor");
        cursor = next.is_null() ? "" : "&cursor=" + std::string(next.as_string().c_str());
    } while (!cursor.empty());

    CHECK(rows == 7);
    CHECK(seen.size() == 7);
}

TEST_CASE("orders: a search follows what products are called") {
    Catalogue catalogue;

    catalogue.app.execute("update products set name = 'Whistle' where name = 'Brass bell'");
    catalogue.app.execute("delete from products where name = 'Anchor'");

    CHECK(catalogue.search("whistle") == Names{"Whistle"});
    CHECK(catalogue.search("brass").empty());
}

TEST_CASE("orders: what a search does not know is refused") {
    const auto [query, status] = GENERATE(table<std::string, int>({
        {"colour=red", 400},
        {"min_price=cheap", 400},
        {"in_stock=perhaps", 400},
        {"currency=EURO", 400},
        {"q=rope&cursor=nonsense", 400},
    }));
    TestApp app{"users", "orders"};

    CHECK(app.get("/products?" + query).status == status);
}
