#include "http/application.hpp"

#include "http/exchange.hpp"
#include "sample_application.hpp"
#include "support/captured_output.hpp"

#include <catch2/catch.hpp>

#include <future>
#include <latch>
#include <thread>

using namespace bulkhead;
using namespace bulkhead::http;
using namespace bulkhead::http::test;

namespace {

std::uint64_t total_of(const auto& counters) {
    std::uint64_t total = 0;
    for (const auto count : counters)
        total += count;
    return total;
}

RouteStatistics statistics_of(const std::vector<RouteStatistics>& all, std::string_view pattern) {
    return *std::ranges::find_if(all, [&](const auto& row) {
        return row.route == nullptr ? pattern.empty() : row.route->pattern == pattern;
    });
}

}  // namespace

TEST_CASE("a request finds its handler and gets its reply") {
    Script script;
    Application application(sample_blueprint(script));

    const auto reply = ask(application, "GET", "/api/v1/notes/a%20b");

    CHECK(reply.status == 200);
    CHECK(says(reply, R"("data":{"text":"a b"})"));
}

TEST_CASE("a request without a handler is told why") {
    const auto [method, path, status, code, allow] =
        GENERATE(table<std::string, std::string, int, std::string, std::string>(
            {{"GET", "/api/v1/nothing", 404, "http.not_found", ""},
             {"GET", "/api/v1/notes/", 404, "http.not_found", ""},
             {"POST", "/api/v1/notes", 405, "http.method_not_allowed",
              "DELETE, GET, HEAD, OPTIONS"},
             {"GET", "/api/v1/notes/%ff", 400, "http.bad_path", ""},
             {"GET", "/api/v1/../notes", 400, "http.bad_path", ""}}));
    Script script;
    Application application(sample_blueprint(script));

    const auto reply = ask(application, method, path);

    CHECK(reply.status == status);
    CHECK(says(reply, "\"code\":\"" + code + '"'));
    CHECK(header_of(reply, "Allow") == allow);
}

TEST_CASE("OPTIONS is answered with what the path allows") {
    const auto [path, allow] = GENERATE(
        table<std::string, std::string>({{"/api/v1/notes", "DELETE, GET, HEAD, OPTIONS"},
                                         {"/api/v1/secret", "GET, HEAD, OPTIONS"},
                                         {"*", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"}}));
    Script script;
    Application application(sample_blueprint(script));

    const auto reply = ask(application, "OPTIONS", path);

    CHECK(reply.status == 204);
    CHECK(reply.body.empty());
    CHECK(header_of(reply, "Allow") == allow);
}

TEST_CASE("HEAD is served by the route of GET") {
    Script script;
    Application application(sample_blueprint(script));

    const auto reply = ask(application, "HEAD", "/api/v1/notes");

    CHECK(reply.status == 200);
    CHECK(says(reply, "hello"));
}

TEST_CASE("a quick handler runs on the caller's own thread, others do not") {
    Script script;
    std::thread::id ran;
    script.act = [&] { ran = std::this_thread::get_id(); };
    Application application(sample_blueprint(script));

    ask(application, "GET", "/api/v1/quick");
    const auto quick = ran;
    ask(application, "GET", "/api/v1/notes");

    CHECK(quick == std::this_thread::get_id());
    CHECK(ran != std::this_thread::get_id());
}

TEST_CASE("what a handler throws answers 500 and stays here") {
    const std::string path = GENERATE("/api/v1/notes", "/api/v1/quick");
    Script script;
    script.act = [] { throw std::runtime_error("password=hunter2"); };
    Application application(sample_blueprint(script));

    const auto reply = ask(application, "GET", path);

    CHECK(reply.status == 500);
    CHECK(says(reply, R"("code":"http.internal")"));
    CHECK_FALSE(says(reply, "hunter2"));
    CHECK(header_of(reply, "X-Content-Type-Options") == "nosniff");
}

TEST_CASE("what is no std::exception answers 500, too") {
    Script script;
    script.act = [] { throw 7; };
    Application application(sample_blueprint(script));

    CHECK(ask(application, "GET", "/api/v1/notes").status == 500);
}

TEST_CASE("a fault answers with its own kind, code and message") {
    Script script;
    script.act = [] {
        throw Fault(ErrorKind::unavailable, "test.gone", "The shelf is gone.", "shelf at 10.0.0.7");
    };
    Application application(sample_blueprint(script));

    const auto reply = ask(application, "GET", "/api/v1/notes");

    CHECK(reply.status == 503);
    CHECK(says(reply, R"("code":"test.gone","message":"The shelf is gone.")"));
    CHECK(header_of(reply, "Retry-After") == "1");
    CHECK_FALSE(says(reply, "10.0.0.7"));
}

TEST_CASE("the hooks surround each handler that may block, also one that throws") {
    Script script;
    script.act = [] { throw std::runtime_error("broken"); };
    auto blueprint = sample_blueprint(script);
    std::vector<std::string> calls;
    std::thread::id worker;
    blueprint.handler_entered = [&] {
        calls.emplace_back("in"), worker = std::this_thread::get_id();
    };
    blueprint.handler_left = [&] { return calls.emplace_back("out"), std::int64_t{3}; };
    Application application(std::move(blueprint));

    ask(application, "GET", "/api/v1/notes");
    ask(application, "GET", "/api/v1/quick");

    CHECK(calls == std::vector<std::string>{"in", "out"});
    CHECK(worker != std::this_thread::get_id());
}

TEST_CASE("a full module answers 503 while the rest goes on") {
    Script script;
    std::latch arrived(1);
    std::promise<void> door;
    script.act = [&, open = door.get_future().share()] {
        arrived.count_down();
        open.wait();
    };
    Script other;
    auto blueprint = sample_blueprint(script);
    Routes<Script> on(other);
    on.get("/diary", read_note).open();
    blueprint.routes.push_back(of_module("diary", on).front());
    blueprint.compartments = {{"notes", 1, 0}};
    Application application(std::move(blueprint));
    auto slow = std::async(std::launch::async,
                           [&] { return ask(application, "GET", "/api/v1/notes").status; });
    arrived.wait();

    const auto refused = ask(application, "GET", "/api/v1/notes");
    const auto neighbour = ask(application, "GET", "/api/v1/diary");
    const auto statistics = application.compartment_statistics();
    door.set_value();

    CHECK(refused.status == 503);
    CHECK(says(refused, R"("code":"http.overloaded")"));
    CHECK(header_of(refused, "Retry-After") == "1");
    CHECK(neighbour.status == 200);
    CHECK(statistics[0].running == 1);
    CHECK(statistics[0].refused == 1);
    CHECK(slow.get() == 200);
}

TEST_CASE("a handler beyond its deadline is answered 504 and fails later without harm") {
    Script script;
    std::promise<void> door;
    script.act = [&, open = door.get_future().share()] {
        open.wait();
        throw std::runtime_error("late");
    };
    auto blueprint = sample_blueprint(script);
    blueprint.options.request_seconds = 1;
    std::optional<Application> application(std::in_place, std::move(blueprint));

    const auto reply = ask(*application, "GET", "/api/v1/notes/a-name-beyond-any-small-string");
    const auto running = application->compartment_statistics()[0].running;
    const auto counted = statistics_of(application->route_statistics(), "/api/v1/notes/{name}");
    door.set_value();
    application.reset();

    CHECK(reply.status == 504);
    CHECK(says(reply, R"("code":"http.timeout")"));
    CHECK(running == 1);
    CHECK(counted.by_status_class[5] == 1);
}

TEST_CASE("every reply is counted with its route, status and latency") {
    Script script;
    Application application(sample_blueprint(script));
    for (const auto* path : {"/api/v1/notes", "/api/v1/notes", "/api/v1/quick", "/api/v1/secret"})
        ask(application, "GET", path);
    ask(application, "PUT", "/api/v1/notes");
    ask(application, "GET", "/nothing");

    const auto all = application.route_statistics();

    CHECK(all.size() == application.routes().size() + 1);
    CHECK(statistics_of(all, "/api/v1/notes").by_status_class[2] == 2);
    CHECK(total_of(statistics_of(all, "/api/v1/notes").latency_buckets) == 2);
    CHECK(statistics_of(all, "/api/v1/notes").seconds_total > 0);
    CHECK(statistics_of(all, "/api/v1/quick").by_status_class[2] == 1);
    CHECK(statistics_of(all, "/api/v1/secret").by_status_class[5] == 1);
    CHECK(statistics_of(all, "").by_status_class[4] == 2);
}

TEST_CASE("the limit for a body is the route's own, else the server's") {
    const auto [path, limit] = GENERATE(
        table<std::string, std::size_t>({{"/small", 64}, {"/usual", 1'000}, {"/nothing", 1'000}}));
    Script script;
    Routes<Script> on(script, "");
    on.get("/small", read_note).open().body_limit_bytes(64);
    on.get("/usual", read_note).open();
    auto blueprint = sample_blueprint(script);
    blueprint.routes = on.take();
    blueprint.options.body_bytes = 1'000;
    Application application(std::move(blueprint));
    Exchange exchange;
    exchange.request.method = "GET";
    exchange.request.path = path;

    CHECK(application.route(exchange) == limit);
}

TEST_CASE("what never became a request is refused with headers and envelope like the rest") {
    Script script;
    Application application(sample_blueprint(script));
    const auto exchange = std::make_shared<Exchange>();
    int answers = 0;
    exchange->answered = [&] { ++answers; };

    application.refuse(exchange, Error(ErrorKind::headers_too_large, "http.test", "Too much."));

    CHECK(answers == 1);
    CHECK(exchange->reply.status == 431);
    CHECK(says(exchange->reply, R"("code":"http.test")"));
    CHECK(exchange->header_lines.find("X-Request-Id: " + exchange->request_id + "\r\n") == 0);
    CHECK(statistics_of(application.route_statistics(), "").by_status_class[4] == 1);
}

TEST_CASE("a refused body is refused before anybody asks who sent it") {
    Script script;
    Application application(sample_blueprint(script));
    const auto exchange = std::make_shared<Exchange>();
    exchange->answered = [] {};
    exchange->request.method = "GET";
    exchange->request.path = "/api/v1/secret";
    application.route(*exchange);

    application.refuse(exchange, Error(ErrorKind::too_large, "http.test", "Too much."));

    CHECK(exchange->reply.status == 413);
    CHECK(statistics_of(application.route_statistics(), "/api/v1/secret").by_status_class[4] == 1);
}

TEST_CASE("limits that no server could keep are refused") {
    Script script;
    auto blueprint = sample_blueprint(script);
    const auto [in_flight, queue, workers] =
        GENERATE(table<int, int, int>({{0, 1, 2}, {1, -1, 2}, {1, 1, 0}}));
    blueprint.compartments = {{"notes", in_flight, queue}};
    blueprint.workers = workers;

    const auto sentence = refusal_of([&] { const Application application(blueprint); });

    CHECK(sentence.find("at least 1") != std::string::npos);
}

TEST_CASE("two modules that claim one route do not start") {
    Script script;
    auto blueprint = sample_blueprint(script);
    Routes<Script> on(script);
    on.get("/notes", read_note).open();
    blueprint.routes.push_back(of_module("diary", on).front());

    const auto sentence = refusal_of([&] { const Application application(blueprint); });

    CHECK(sentence.find("\"notes\" and \"diary\" both claim GET /api/v1/notes") !=
          std::string::npos);
}

TEST_CASE("the access line has how many queries the handler ran") {
    Script script;
    auto blueprint = sample_blueprint(script);
    blueprint.access_log = true;
    blueprint.handler_entered = [] {};
    blueprint.handler_left = [] { return std::int64_t{3}; };
    Application application(blueprint);
    log::start(LogLevel::info);

    const auto log = bulkhead::test::output_of([&] { ask(application, "GET", "/api/v1/notes/a"); });

    CHECK(log.find(R"("queries":3)") != std::string::npos);
}
