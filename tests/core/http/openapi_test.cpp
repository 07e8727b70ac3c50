#include "http/openapi.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

namespace shop {

using namespace bulkhead;

enum class State : std::uint8_t { open, closed };
constexpr std::array<std::string_view, 2> names(State) {
    return {"open", "closed"};
}

struct Line {
    Uuid product_id;
    std::int32_t quantity = 0;
    static auto fields() {
        return shape(field("product_id", &Line::product_id),
                     field("quantity", &Line::quantity, between(1, 999)));
    }
};

struct Order {
    Uuid id;
    std::vector<Line> lines;
    State state = State::open;
    std::optional<State> wished;
    std::optional<Line> gift;
    std::optional<std::string> note;
    std::string password;
    double weight = 0;
    static auto fields() {
        return shape(field("id", &Order::id), field("lines", &Order::lines, items(1, 50)),
                     field("state", &Order::state, described("How far it is.")),
                     field("wished", &Order::wished), field("gift", &Order::gift),
                     field("note", &Order::note, email),
                     field("password", &Order::password, length(8, 64), write_only,
                           example(R"("long enough")")),
                     field("weight", &Order::weight, between(0.5, 10)));
    }
};

/// A tree: a shape that holds itself.
struct Node {
    std::vector<Node> children;
    static auto fields() { return shape(field("children", &Node::children)); }
};

struct Filter {
    std::optional<State> state;
    static auto fields() { return shape(field("state", &Filter::state, described("Only these."))); }
};

struct Service {};

Result<Listing<Order>> list(Service&, Page, Query<Filter>) {
    return Error::conflict("", "");
}
Result<Created<Order>> place(Service&, Caller, Body<Order>) {
    return Error::conflict("", "");
}
Result<Order> show(Service&, Caller, Path<"id", Uuid>) {
    return Error::conflict("", "");
}
Result<> remove(Service&, Caller, Path<"id", Uuid>) {
    return Done{};
}
Result<Raw> health(Service&) {
    return Raw{};
}
Result<Node> tree(Service&) {
    return Node{};
}

}  // namespace shop

namespace {

using namespace bulkhead;
using boost::json::value;

std::deque<Route> shop_routes() {
    static shop::Service service;
    Routes<shop::Service> on(service);
    on.post("/orders", shop::place).scope("orders:write").summary("Place an order");
    on.get("/orders", shop::list).open();
    on.get("/orders/{id}", shop::show).scope("orders:read");
    on.del("/orders/{id}", shop::remove).scope("orders:write");
    on.get("/tree", shop::tree).open().nonblocking();
    auto routes = on.take();
    for (auto& route : routes)
        route.module = "shop";
    Routes<shop::Service> bare(service, "");
    bare.get("/health", shop::health).open().nonblocking();
    routes.push_back(bare.take()[0]);
    routes.back().module = "core";
    return routes;
}

const value& document() {
    static const value parsed = boost::json::parse(http::openapi(shop_routes(), "1.2.3"));
    return parsed;
}

/// The part of the document at a JSON pointer, as text.
std::string at(std::string_view pointer) {
    return boost::json::serialize(document().at_pointer(pointer));
}

std::vector<std::string> keys(std::string_view pointer) {
    std::vector<std::string> found;
    for (const auto& member : document().at_pointer(pointer).as_object())
        found.emplace_back(member.key());
    return found;
}

void collect_references(const value& part, std::vector<std::string>& found) {
    if (const auto* object = part.if_object()) {
        for (const auto& [name, inner] : *object)
            if (name == "$ref")
                found.emplace_back(inner.as_string());
            else
                collect_references(inner, found);
    } else if (const auto* array = part.if_array()) {
        for (const auto& inner : *array)
            collect_references(inner, found);
    }
}

}  // namespace

TEST_CASE("the document says what it is and holds each route once, sorted") {
    CHECK(at("/openapi") == R"("3.1.0")");
    CHECK(at("/info") == R"({"title":"Bulkhead","version":"1.2.3"})");
    CHECK(at("/tags") == R"([{"name":"core"},{"name":"shop"}])");
    CHECK(keys("/paths") == std::vector<std::string>{"/api/v1/orders", "/api/v1/orders/{id}",
                                                     "/api/v1/tree", "/health"});
    CHECK(keys("/paths/~1api~1v1~1orders") == std::vector<std::string>{"get", "post"});
}

TEST_CASE("the order in which modules were loaded does not matter") {
    auto routes = shop_routes();
    std::ranges::reverse(routes);

    CHECK(http::openapi(routes, "1") == http::openapi(shop_routes(), "1"));
}

TEST_CASE("an operation has a stable name, its module as tag, and its scope") {
    CHECK(at("/paths/~1api~1v1~1orders/post/operationId") == R"("shop_post_orders")");
    CHECK(at("/paths/~1api~1v1~1orders~1{id}/delete/operationId") ==
          R"("shop_delete_orders_by_id")");
    CHECK(at("/paths/~1health/get/operationId") == R"("core_get_health")");
    CHECK(at("/paths/~1api~1v1~1orders/post/tags") == R"(["shop"])");
    CHECK(at("/paths/~1api~1v1~1orders/post/summary") == R"("Place an order")");
    CHECK(at("/paths/~1api~1v1~1orders/post/security") == R"([{"bearerAuth":["orders:write"]}])");
    CHECK(at("/paths/~1api~1v1~1orders/get/security") == "[]");
    CHECK(at("/components/securitySchemes/bearerAuth/scheme") == R"("bearer")");
}

TEST_CASE("parameters have their schema and their limits") {
    CHECK(at("/paths/~1api~1v1~1orders~1{id}/get/parameters") ==
          R"([{"name":"id","in":"path","required":true,)"
          R"("schema":{"type":"string","format":"uuid"}}])");
    CHECK(at("/paths/~1api~1v1~1orders/get/parameters/0") ==
          R"({"name":"limit","in":"query","description":"Items per page.",)"
          R"("schema":{"type":"integer","format":"int32","minimum":1,"maximum":100}})");
    CHECK(at("/paths/~1api~1v1~1orders/get/parameters/2") ==
          R"({"name":"state","in":"query","description":"Only these.",)"
          R"("schema":{"type":"string","enum":["open","closed"]}})");
}

TEST_CASE("a body is required and refers to its component") {
    CHECK(at("/paths/~1api~1v1~1orders/post/requestBody") ==
          R"({"required":true,"content":{"application/json":)"
          R"({"schema":{"$ref":"#/components/schemas/shop.Order"}}}})");
}

TEST_CASE("a shape becomes a schema: kinds, limits, what may be null, what is only written") {
    const auto [field, schema] = GENERATE(table<std::string, std::string>({
        {"id", R"({"type":"string","format":"uuid"})"},
        {"lines", R"({"type":"array","items":{"$ref":"#/components/schemas/shop.Line"},)"
                  R"("minItems":1,"maxItems":50})"},
        {"state", R"({"type":"string","enum":["open","closed"],"description":"How far it is."})"},
        {"wished", R"({"type":["string","null"],"enum":["open","closed",null]})"},
        {"gift", R"({"anyOf":[{"$ref":"#/components/schemas/shop.Line"},{"type":"null"}]})"},
        {"note", R"({"type":["string","null"],"format":"email","maxLength":254})"},
        {"password", R"({"type":"string","minLength":8,"maxLength":64,)"
                     R"("examples":["long enough"],"writeOnly":true})"},
        {"weight", R"({"type":"number","format":"double","minimum":5E-1,"maximum":10})"},
    }));

    CHECK(at("/components/schemas/shop.Order/properties/" + field) == schema);
}

TEST_CASE("what is not optional is required, and nothing else may stand there") {
    CHECK(at("/components/schemas/shop.Order/required") ==
          R"(["id","lines","state","password","weight"])");
    CHECK(at("/components/schemas/shop.Order/additionalProperties") == "false");
}

TEST_CASE("a success is described in its envelope") {
    const std::string orders = "/paths/~1api~1v1~1orders";
    const std::string schema = "/content/application~1json/schema/properties";

    CHECK(at(orders + "/post/responses/201" + schema + "/data") ==
          R"({"$ref":"#/components/schemas/shop.Order"})");
    CHECK(at(orders + "/post/responses/201/headers/Location/schema/format") ==
          R"("uri-reference")");
    CHECK(at(orders + "/get/responses/200" + schema + "/data") ==
          R"({"type":"array","items":{"$ref":"#/components/schemas/shop.Order"}})");
    CHECK(at(orders + "/get/responses/200" + schema + "/meta") ==
          R"({"$ref":"#/components/schemas/bulkhead.ListMeta"})");
    CHECK(at(orders + "~1{id}/delete/responses/204") == R"({"description":"No Content"})");
}

TEST_CASE("each operation tells the refusals that it can meet") {
    const auto [operation, statuses] = GENERATE(table<std::string, std::vector<std::string>>({
        {"~1api~1v1~1orders/post",
         {"201", "400", "401", "403", "409", "413", "415", "422", "500", "503", "504", "default"}},
        {"~1api~1v1~1orders/get", {"200", "400", "500", "503", "504", "default"}},
        {"~1api~1v1~1orders~1{id}/get",
         {"200", "400", "401", "403", "404", "500", "503", "504", "default"}},
        {"~1health/get", {"200", "400", "500", "default"}},
    }));

    CHECK(keys("/paths/" + operation + "/responses") == statuses);
}

TEST_CASE("every reference of the document leads somewhere") {
    std::vector<std::string> references;
    collect_references(document(), references);

    CHECK(references.size() > 20);
    for (const auto& reference : references) {
        boost::json::error_code error;
        CAPTURE(reference);
        CHECK(document().find_pointer(reference.substr(1), error) != nullptr);
    }
}

TEST_CASE("a shape that holds itself is described once") {
    CHECK(at("/components/schemas/shop.Node/properties/children/items") ==
          R"({"$ref":"#/components/schemas/shop.Node"})");
}

TEST_CASE("a server without routes has a document all the same") {
    const auto empty = boost::json::parse(http::openapi({}, "0"));

    CHECK(empty.at("paths").as_object().empty());
}
