#include <bulkhead/routes.hpp>

#include <catch2/catch.hpp>

namespace {

using namespace bulkhead;

enum class State : std::uint8_t { open, closed };
constexpr std::array<std::string_view, 2> names(State) {
    return {"open", "closed"};
}

struct Filter {
    std::optional<State> state;
    std::int32_t least = 5;
    std::string name;
    static auto fields() {
        return shape(field("state", &Filter::state),
                     field("least", &Filter::least, between(0, 100)),
                     field("name", &Filter::name, length(0, 8)));
    }
};

struct Item {
    std::int32_t id = 0;
    std::string name;
    static auto fields() {
        return shape(field("id", &Item::id), field("name", &Item::name, length(1, 8)));
    }
};

struct Nameless {
    std::string name = "x";
    static auto fields() { return shape(field("name", &Nameless::name)); }
};

/// What the handlers below leave for the tests to look at.
struct Service {
    std::int32_t calls = 0;
    Filter filter;
    Page page;
    std::optional<Item> after;
};

Result<Listing<Item>> list(Service& service, Page page, Query<Filter> filter) {
    ++service.calls;
    service.page = page;
    service.filter = *filter;
    auto after = page.after<Item>();
    if (!after)
        return std::move(after.error());
    service.after = *after;
    std::vector<Item> rows;
    for (std::int32_t id = 1; id <= page.rows_to_fetch() && id <= 3; ++id)
        rows.push_back({id, "n"});
    auto listing = page.listing(std::move(rows), [](const Item& item) { return item; });
    listing.total = 3;
    return listing;
}
Result<Created<Item>> place(Service& service, Body<Item> item) {
    ++service.calls;
    return Created(*item);
}
Result<Created<Nameless>> place_nameless(Service&) {
    return Created(Nameless{});
}
Result<Item> show(Service& service, Path<"id", std::int32_t> id) {
    ++service.calls;
    return Item{*id, "n"};
}
Result<Item> replace(Service&, Body<Item> item, Query<Filter>, Path<"id", std::int32_t>) {
    return *item;
}
Result<> remove(Service&, Path<"name", std::string>) {
    return Done{};
}
Result<Item> refuse(Service&) {
    return Error::conflict("shop.closed", "The shop is closed.");
}
Result<Raw> echo_query(Service&, Request request) {
    return Raw{{200, "text/plain", {}, std::string(request.query)}};
}
Result<Raw> health(Service&) {
    return Raw{{200, "text/plain", {}, "fine"}};
}

/// A route table of one line, and a request to it.
struct Call {
    Service service;
    Routes<Service> on{service};
    Request request;
    std::vector<NamedText> headers{{"Content-Type", "application/json"}};
    std::vector<NamedText> path_parameters;
    std::deque<Route> routes;

    Reply reply() {
        routes = on.take();
        request.id = "r-1";
        request.headers = headers;
        request.path_parameters = path_parameters;
        Reply reply;
        routes[0].handler.thunk(routes[0].handler, routes[0], request, reply);
        return reply;
    }
};

Reply reply_to_query(std::string_view query, Service* seen = nullptr) {
    Call call;
    call.on.get("/items", list).open();
    call.request.query = query;
    auto reply = call.reply();
    if (seen)
        *seen = call.service;
    return reply;
}

Reply reply_to_body(std::string_view body, std::optional<std::string_view> content_type) {
    Call call;
    call.on.post("/items", place).open();
    call.request.path = "/api/v1/items";
    call.request.body = body;
    call.headers.clear();
    if (content_type)
        call.headers.push_back({"content-TYPE", *content_type});
    return call.reply();
}

std::optional<std::string> location_of(const Reply& reply) {
    for (const auto& [name, value] : reply.headers)
        if (name == "Location")
            return value;
    return {};
}

}  // namespace

TEST_CASE("a handler that takes the whole request judges its query itself") {
    Call call;
    call.on.get("/search", echo_query).open();
    call.request.query = "a=1&a=%zz";

    const auto reply = call.reply();

    CHECK(reply.status == 200);
    CHECK(reply.body == "a=1&a=%zz");
}

TEST_CASE("a list is answered in the envelope, with where to go on") {
    const auto reply = reply_to_query("limit=2");

    CHECK(reply.status == 200);
    CHECK(reply.content_type == "application/json");
    CHECK(reply.body ==
          R"({"success":true,"data":[{"id":1,"name":"n"},{"id":2,"name":"n"}],"error":null,)"
          R"("meta":{"request_id":"r-1","limit":2,"total":3,)"
          R"("next_cursor":"eyJpZCI6MiwibmFtZSI6Im4ifQ"}})");
}

TEST_CASE("the last page has no cursor") {
    CHECK_THAT(reply_to_query("limit=3").body, Catch::Contains(R"("next_cursor":null)"));
}

TEST_CASE("a cursor brings back the key at which the page before ended") {
    Service seen;

    reply_to_query("cursor=eyJpZCI6MiwibmFtZSI6Im4ifQ", &seen);

    REQUIRE(seen.after);
    CHECK(seen.after->id == 2);
}

TEST_CASE("a cursor that no list gave out is refused") {
    const auto cursor = GENERATE("x", "e30", "eyJpZCI6MiwibmFtZSI6Im4ifR", "AAAA",
                                 "eyJpZCI6IjIiLCJuYW1lIjoibiJ9", "a%20b");
    CAPTURE(cursor);

    const auto reply = reply_to_query(std::string("cursor=") + cursor);

    CHECK(reply.status == 400);
    CHECK_THAT(reply.body, Catch::Contains(R"("code":"http.bad_cursor")"));
}

TEST_CASE("query parameters fill their fields, absent ones keep the initial value") {
    Service seen;

    const auto reply = reply_to_query("&state=closed&&name=a+b%26&limit=7", &seen);

    REQUIRE(reply.status == 200);
    CHECK(seen.filter.state == State::closed);
    CHECK(seen.filter.least == 5);
    CHECK(seen.filter.name == "a b&");
    CHECK(seen.page.limit == 7);
}

TEST_CASE("a query that is not as declared is refused, naming the parameter") {
    const auto [query, code, violation] = GENERATE(table<std::string, std::string, std::string>({
        {"limit=0", "invalid_parameter", R"("field":"limit","code":"range")"},
        {"limit=101", "invalid_parameter", R"("field":"limit","code":"range")"},
        {"limit=ten", "invalid_parameter", R"("field":"limit","code":"type")"},
        {"limit", "invalid_parameter", R"("field":"limit","code":"type")"},
        {"limit=1&limit=1", "invalid_parameter", R"("field":"limit","code":"duplicate")"},
        {"state=shut", "invalid_parameter", R"("field":"state","code":"choice")"},
        {"name=%FF", "invalid_parameter", R"("field":"name","code":"format")"},
        {"name=%2", "invalid_parameter", R"("field":"name","code":"format")"},
        {"name=%00", "invalid_parameter", R"("field":"name","code":"format")"},
        {"name=123456789", "invalid_parameter", R"("field":"name","code":"length")"},
        {"offset=1", "unknown_parameter", R"("field":"offset","code":"unknown")"},
        {"limit=x&offset=1", "unknown_parameter", R"("field":"offset","code":"unknown")"},
        {"=1", "unknown_parameter", R"("field":"","code":"unknown")"},
        {"Limit=1", "unknown_parameter", R"("field":"Limit","code":"unknown")"},
        {"%zz=1", "unknown_parameter", R"("field":"%zz","code":"unknown")"},
    }));
    CAPTURE(query);
    Service seen;

    const auto reply = reply_to_query(query, &seen);

    CHECK(reply.status == 400);
    CHECK_THAT(reply.body, Catch::Contains("\"code\":\"http." + code + "\""));
    CHECK_THAT(reply.body, Catch::Contains(violation));
    CHECK(seen.calls == 0);
}

TEST_CASE("all bad parameters of one query are told at once") {
    const auto reply = reply_to_query("least=-1&state=shut");

    CHECK_THAT(reply.body,
               Catch::Contains(R"("field":"least")") && Catch::Contains(R"("field":"state")"));
}

TEST_CASE("an unknown parameter is answered with those that are known") {
    Call call;
    call.on.get("/items/{id}", show).open();
    call.path_parameters = {{"id", "7"}};
    call.request.query = "verbose=1";

    CHECK_THAT(reply_to_query("offset=1").body,
               Catch::Contains("valid are: limit, cursor, state, least, name."));
    CHECK_THAT(call.reply().body, Catch::Contains("'verbose' here; this route takes none."));
}

TEST_CASE("a segment of the path becomes a value") {
    Call call;
    call.on.get("/items/{id}", show).open();
    call.path_parameters = {{"id", "7"}};

    CHECK_THAT(call.reply().body, Catch::Contains(R"("data":{"id":7,)"));
}

TEST_CASE("a segment that is no such value is 404") {
    const auto segment = GENERATE("x", "", "7.0", "99999999999");
    CAPTURE(segment);
    Call call;
    call.on.get("/items/{id}", show).open();
    call.path_parameters = {{"id", segment}};

    const auto reply = call.reply();

    CHECK(reply.status == 404);
    CHECK_THAT(reply.body, Catch::Contains(R"("code":"http.not_found")"));
    CHECK(call.service.calls == 0);
}

TEST_CASE("of several faults the path is told first, then the query, then the body") {
    const auto [segment, query, code] = GENERATE(table<std::string, std::string, std::string>(
        {{"x", "offset=1", "http.not_found"},
         {"1", "offset=1&least=x", "http.unknown_parameter"},
         {"1", "least=x", "http.invalid_parameter"},
         {"1", "least=1", "http.malformed_json"}}));
    CAPTURE(segment, query);
    Call call;
    call.on.put("/items/{id}", replace).open();
    call.path_parameters = {{"id", segment}};
    call.request.query = query;
    call.request.body = "{";

    CHECK_THAT(call.reply().body, Catch::Contains("\"code\":\"" + code + "\""));
}

TEST_CASE("JSON in UTF-8 is taken under all of its names") {
    const auto content_type =
        GENERATE("application/json", "Application/JSON", "application/json; charset=utf-8",
                 "application/json;charset=\"UTF-8\" ", "application/merge-patch+json; profile=x");
    CAPTURE(content_type);

    CHECK(reply_to_body(R"({"id":1,"name":"n"})", content_type).status == 201);
}

TEST_CASE("other media types are 415, naming what was found") {
    const auto content_type = GENERATE("", "text/json", "application/jsonx", "application/+json",
                                       "application/json; charset=latin1", "application/xml",
                                       "application/x-www-form-urlencoded", ";", "json");
    CAPTURE(content_type);

    const auto reply = reply_to_body(R"({"id":1,"name":"n"})", content_type);

    CHECK(reply.status == 415);
    CHECK_THAT(reply.body, Catch::Contains(R"("code":"http.unsupported_media_type")") &&
                               Catch::Contains("'" + std::string(content_type) + "'"));
}

TEST_CASE("a body without a media type is 415") {
    CHECK(reply_to_body("{}", std::nullopt).status == 415);
}

TEST_CASE("an empty body and broken JSON are 400, a broken limit is 422") {
    const auto [body, status] = GENERATE(table<std::string, int>(
        {{"", 400}, {" ", 400}, {"{", 400}, {"{}", 422}, {R"({"id":1,"name":""})", 422}}));
    CAPTURE(body);

    CHECK(reply_to_body(body, "application/json").status == status);
}

TEST_CASE("what is created lies under the request's own path") {
    const auto reply = reply_to_body(R"({"id":12,"name":"n"})", "application/json");

    CHECK(reply.status == 201);
    CHECK(location_of(reply) == "/api/v1/items/12");
}

TEST_CASE("what is created lies where location() says, its fields encoded") {
    Call call;
    call.on.post("/orders", place).open().location("/shops/{name}/items/{id}");
    call.request.body = R"({"id":12,"name":"a/b \u00e9"})";

    CHECK(location_of(call.reply()) == "/api/v1/shops/a%2Fb%20%C3%A9/items/12");
}

TEST_CASE("what has no id has no Location of its own") {
    Call call;
    call.on.post("/things", place_nameless).open();
    call.request.path = "/api/v1/things";

    const auto reply = call.reply();

    CHECK(reply.status == 201);
    CHECK_FALSE(location_of(reply));
}

TEST_CASE("a location that names no field of the result does not start") {
    Call call;
    auto route = call.on.post("/items", place).open();

    CHECK_THROWS_WITH(route.location("/items/{nr}"),
                      R"(location("/items/{nr}") of POST /api/v1/items: the result has no field )"
                      "'nr' that can stand in a path");
}

TEST_CASE("nothing to say is 204 without a body") {
    Call call;
    call.on.del("/items/{name}", remove).open();
    call.path_parameters = {{"name", "x"}};

    const auto reply = call.reply();

    CHECK(reply.status == 204);
    CHECK(reply.body.empty());
}

TEST_CASE("a refusal of the handler is answered in the envelope") {
    Call call;
    call.on.get("/items", refuse).open();

    const auto reply = call.reply();

    CHECK(reply.status == 409);
    CHECK_THAT(reply.body, Catch::StartsWith(R"({"success":false,"data":null,)") &&
                               Catch::Contains(R"("code":"shop.closed")") &&
                               Catch::Contains(R"("request_id":"r-1")"));
}

TEST_CASE("a raw answer is left as it is") {
    Call call;
    call.on.get("/health", health).open();

    const auto reply = call.reply();

    CHECK(reply.body == "fine");
    CHECK(reply.content_type == "text/plain");
}
