#include "conformance.hpp"

#include <regex>

namespace bulkhead::http::test {

namespace {

const char* text_of(Level level) {
    switch (level) {
        case Level::must:
            return "MUST";
        case Level::should:
            return "SHOULD";
        case Level::may:
            return "MAY";
        case Level::own:
            break;
    }
    return "our choice";
}

Result<Raw> answer(Ledger& ledger, std::string body) {
    ++ledger.executed;
    return text(std::move(body));
}

Result<Raw> page(Ledger& ledger) {
    return answer(ledger, "page");
}
Result<Raw> next(Ledger& ledger) {
    return answer(ledger, "next");
}
Result<Raw> echo_body(Ledger& ledger, Request request) {
    return answer(ledger, std::string(request.body));
}
Result<Raw> host(Ledger& ledger, Request request) {
    return answer(ledger, std::string(request.header("Host").value_or("none")));
}
Result<Raw> path_name(Ledger& ledger, Path<"name", std::string> name) {
    return answer(ledger, std::move(name.value));
}
Result<Raw> query_of(Ledger& ledger, Request request) {
    return answer(ledger, std::string(request.query));
}
Result<> empty(Ledger& ledger) {
    ++ledger.executed;
    return Done{};
}
Result<Raw> same(Ledger& ledger) {
    auto raw = answer(ledger, "never sent");
    raw->reply.status = 304;
    return raw;
}
Result<Raw> fails(Ledger& ledger) {
    ++ledger.executed;
    throw std::runtime_error("as the test wants it");
}

Blueprint blueprint(Ledger& ledger) {
    Routes<Ledger> on(ledger);
    on.get("/page", page).open().nonblocking();
    on.get("/next", next).open().nonblocking();
    on.get("/host", host).open().nonblocking();
    on.get("/query", query_of).open().nonblocking();
    on.get("/path/{name}", path_name).open().nonblocking();
    on.get("/empty", empty).open().nonblocking();
    on.get("/same", same).open().nonblocking();
    on.get("/fails", fails).open().nonblocking();
    on.post("/echo", echo_body).open().nonblocking();
    on.put("/echo", echo_body).open().nonblocking();
    on.post("/small", echo_body).open().nonblocking().body_limit_bytes(8);
    on.post("/work", echo_body).open();
    Blueprint blueprint;
    blueprint.options = conformance_options();
    blueprint.routes = on.take();
    for (auto& route : blueprint.routes)
        route.module = "ledger";
    blueprint.middleware = {"request_id", "recover", "deadline"};
    return blueprint;
}

}  // namespace

Options conformance_options() {
    Options options;
    options.header_bytes = 4'096;
    options.header_count = 16;
    return options;
}

ConformanceServer::ConformanceServer()
    : application_(blueprint(ledger_)),
      server_(conformance_options(), application_, std::span(&listening_, 1), 1) {}

void check_envelope(const RawResponse& response, const std::string& code) {
    static const std::regex envelope(
        R"re(\{"success":false,"data":null,"error":\{"code":"([a-z_.]+)","message":"[^"].*","details":\[\]\},)re"
        R"re("meta":\{"request_id":"([^"]+)"\}\})re");
    std::smatch match;
    REQUIRE(std::regex_match(response.body, match, envelope));
    CHECK(match[1] == code);
    CHECK(response.header("X-Request-Id") == match[2].str());
    CHECK(response.header("Content-Type") == "application/json");
}

void ConformanceServer::check(const Rule& rule) const {
    INFO(rule.name << " (" << rule.clause << ", " << text_of(rule.level) << "): " << rule.sent);
    const int executed_before = executed();

    auto client = connect();
    client.send(rule.sent + next_request);
    client.half_close();
    const auto response =
        client.read_response(rule.sent.starts_with("HEAD ") ? ResponseTo::head : ResponseTo::any);
    const bool kept = response.header("Connection") != "close";
    const auto next = kept ? client.read_response() : RawResponse{};

    CHECK(client.read_to_eof().empty());
    CHECK(std::ranges::find(rule.statuses, response.status) != rule.statuses.end());
    CHECK(response.header("Date").ends_with(" GMT"));
    CHECK(kept == (rule.then == Then::kept));
    CHECK(next.body == (kept ? "next" : ""));
    if (response.status >= 400)
        check_envelope(response, rule.code);
    const bool handled = response.status == 200 || response.status == 500;
    CHECK(executed() - executed_before == (handled ? 1 : 0) + (kept ? 1 : 0));
}

void check_all(std::span<const Rule> rules) {
    const ConformanceServer server;
    for (const auto& rule : rules)
        server.check(rule);
}

}  // namespace bulkhead::http::test
