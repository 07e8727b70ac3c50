// SQL, and the languages of full-text queries, in every text that the three modules take.

#include "tests/modules/orders/catalogue.hpp"

#include <boost/json.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <catch2/catch.hpp>

using namespace bulkhead::test;

namespace {

std::string escaped(std::string_view text) {
    return boost::urls::encode(text, boost::urls::unreserved_chars);
}

std::string json_of(boost::json::object object) {
    return boost::json::serialize(object);
}

struct Target {
    TestApp app{"users", "auth", "orders"};
    Client ada = app.sign_in("ada");
    std::string anchor = add_product(app, {.name = "Anchor", .stock = 10});

    /// What no request below may change.
    std::vector<std::int64_t> state() {
        return {app.count("users where active = true"),
                app.count("administrators"),
                app.count("credentials"),
                app.count("products where stock = 10 and price = 1000"),
                app.count("orders"),
                app.count("order_items"),
                app.count("refresh_tokens where revoked_at is not null")};
    }
    std::vector<Response> answers_to(const std::string& text) {
        const auto in_path = escaped(text);
        return {
            app.post("/auth/login", json_of({{"email", text}, {"password", text}})),
            app.post("/auth/login", json_of({{"email", "ada@example.org"}, {"password", text}})),
            app.post("/auth/refresh", json_of({{"refresh_token", text}})),
            app.post("/auth/logout", json_of({{"refresh_token", text}})),
            app.post("/auth/register",
                     json_of({{"email", text}, {"name", text}, {"password", "x"}})),
            ada.patch("/users/me", json_of({{"name", text}})),
            ada.get("/users/" + in_path),
            ada.post("/users/" + in_path + "/deactivate", ""),
            ada.with_token(text).get("/users/me"),
            app.get("/products?q=" + in_path),
            app.get("/products?q=a+" + in_path + "&currency=EUR"),
            app.get("/products?currency=" + in_path),
            app.get("/products?cursor=" + in_path),
            app.get("/products?limit=" + in_path),
            app.get("/products?min_price=" + in_path),
            app.get("/products?in_stock=" + in_path),
            app.get("/products?" + in_path + "=1"),
            app.get("/products/" + in_path),
            ada.get("/orders?cursor=" + in_path),
            ada.get("/orders/" + in_path),
            ada.post("/orders", order_of({item("x")})),
            ada.post("/orders", json_of({{"items", {{{"product_id", text}, {"quantity", 1}}}}}))};
    }
};

}  // namespace

TEST_CASE("orders: SQL and syntax of queries in any text change nothing and break nothing") {
    const auto* text = GENERATE(
        "' or '1'='1", "'; drop table products; --", "\"; delete from users; --",
        "' union select password_hash from credentials --", "1; update products set stock = 0",
        "\\'; drop table users; --", "$$; drop table users; $$", ":name :id $1 ?1 @x", "/* */ -- #",
        "%' or name like '%", "\" NEAR(a b) AND name:*", "^a + b - c * (d", "a & | ! <-> :*",
        "product_words MATCH '*'", "''''", "\"\"\"", "a\\", "{}[]", "\xf0\x9f\x9a\xa2 '");
    INFO(text);
    Target target;
    const auto before = target.state();

    const auto answers = target.answers_to(text);

    for (std::size_t number = 0; number < answers.size(); ++number) {
        INFO(number << ": " << answers[number].body);
        CHECK(answers[number].status < 500);
    }
    CHECK(target.state() == before);
    CHECK(target.ada.get("/users/me").data().at("name") == text);
}
