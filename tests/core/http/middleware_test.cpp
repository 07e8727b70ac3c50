#include "http/chain.hpp"

#include "log/log.hpp"
#include "sample_application.hpp"

#include <catch2/catch.hpp>

#include <unistd.h>

using namespace bulkhead;
using namespace bulkhead::http;
using namespace bulkhead::http::test;

namespace {

/// Knows one token: "Bearer good", with the scope that its caller was given.
class OneToken final : public Authenticator {
public:
    std::string scope = "notes:read";
    int asked = 0;

    Result<Caller> authenticate(std::string_view authorization) override {
        ++asked;
        if (authorization == "Bearer broken")
            throw std::runtime_error("key=hunter2");
        if (authorization != "Bearer good")
            return Error::unauthenticated("test.bad_token", "This token is not valid.");
        return Caller{CallerId::fresh(), {scope}};
    }
};

/// What goes to standard output while it lives.
class Output {
public:
    Output() : file_(std::tmpfile()), kept_(::dup(1)) { ::dup2(::fileno(file_), 1); }
    ~Output() {
        restore();
        std::fclose(file_);
    }
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    std::string take() {
        log::flush();
        restore();
        std::rewind(file_);
        std::string text(65'536, '\0');
        text.resize(std::fread(text.data(), 1, text.size(), file_));
        return text;
    }

private:
    void restore() {
        if (kept_ >= 0)
            ::dup2(kept_, 1), ::close(kept_);
        kept_ = -1;
    }

    std::FILE* file_;
    int kept_;
};

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("an unknown middleware is refused with the nearest name") {
    Script script;
    auto blueprint = sample_blueprint(script);
    blueprint.middleware = {"request_id", "acess_log"};

    const auto sentence = refusal_of([&] { const Chain chain(blueprint); });

    CHECK(has(sentence, "middleware.order names \"acess_log\""));
    CHECK(has(sentence, "access_log"));
}

TEST_CASE("a middleware that stands twice is refused") {
    Script script;
    auto blueprint = sample_blueprint(script);
    blueprint.middleware.emplace_back("recover");

    const auto sentence = refusal_of([&] { const Chain chain(blueprint); });

    CHECK(sentence == "middleware.order names \"recover\" twice: remove one of them");
}

TEST_CASE("scoped routes do not start where nobody would check who calls") {
    Script script;
    auto blueprint = sample_blueprint(script);
    blueprint.middleware =
        GENERATE(std::vector<std::string>{}, std::vector<std::string>{"recover", "authenticate"},
                 std::vector<std::string>{"authorize"},
                 std::vector<std::string>{"authorize", "authenticate"});

    const auto sentence = refusal_of([&] { const Chain chain(blueprint); });

    CHECK(has(sentence, "\"authenticate\" and, after it, \"authorize\""));
    CHECK(has(sentence, "/api/v1/secret of module \"notes\""));
}

TEST_CASE("open routes start without any middleware") {
    Script script;
    auto blueprint = sample_blueprint(script);
    blueprint.routes.pop_back();
    blueprint.middleware.clear();
    Application application(std::move(blueprint));

    const auto reply = ask(application, "GET", "/api/v1/notes");

    CHECK(reply.status == 200);
    CHECK(reply.headers.empty());
}

TEST_CASE("without recover an exception is a bare 500 all the same") {
    Script script;
    script.act = [] { throw Fault(ErrorKind::unavailable, "test.gone", "Gone.", "shelf"); };
    auto blueprint = sample_blueprint(script);
    std::erase(blueprint.middleware, "recover");
    Application application(std::move(blueprint));

    const auto reply = ask(application, "GET", "/api/v1/notes");

    CHECK(reply.status == 500);
    CHECK(says(reply, R"("code":"http.internal")"));
}

TEST_CASE("only the layers outside of the one that answers touch its reply") {
    Script script;
    auto blueprint = sample_blueprint(script);
    const auto [order, framed] = GENERATE(table<std::vector<std::string>, std::string>(
        {{{"security_headers", "authenticate", "authorize"}, "DENY"},
         {{"authenticate", "security_headers", "authorize"}, ""}}));
    blueprint.middleware = order;
    Application application(std::move(blueprint));

    const auto reply = ask(application, "GET", "/api/v1/secret");

    CHECK(reply.status == 503);
    CHECK(header_of(reply, "X-Frame-Options") == framed);
}

TEST_CASE("a valid request id is taken, logged with the reply and returned") {
    const std::string given = GENERATE(as<std::string>{}, "a", "A-z_0.9", std::string(128, 'x'));
    Script script;
    Application application(sample_blueprint(script));

    const auto reply = ask(application, "GET", "/api/v1/notes", {{"x-request-id", given}});

    CHECK(header_of(reply, "X-Request-Id") == given);
    CHECK(says(reply, "\"request_id\":\"" + given + '"'));
}

TEST_CASE("any other request id is replaced by a new one") {
    const std::string given =
        GENERATE(as<std::string>{}, "", "a b", "a\"b", "a/b", "\xC3\xBC", std::string(129, 'x'));
    Script script;
    Application application(sample_blueprint(script));

    const auto reply = ask(application, "GET", "/api/v1/notes", {{"X-Request-Id", given}});

    CHECK(Uuid::from(header_of(reply, "X-Request-Id")).has_value());
}

TEST_CASE("a valid traceparent is taken and returned") {
    const auto [given, returned] = GENERATE(table<std::string, std::string>(
        {{"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
         {"cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
          "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}}));
    Script script;
    Application application(sample_blueprint(script));

    const auto reply = ask(application, "GET", "/api/v1/notes", {{"traceparent", given}});

    CHECK(header_of(reply, "traceparent") == returned);
}

TEST_CASE("any other traceparent is replaced by a new, valid one") {
    const std::string given =
        GENERATE("", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
                 "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                 "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                 "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                 "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                 "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                 "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more",
                 "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01");
    Script script;
    Application application(sample_blueprint(script));

    const auto reply = ask(application, "GET", "/api/v1/notes", {{"traceparent", given}});
    const auto made = header_of(reply, "traceparent");
    const auto again = ask(application, "GET", "/api/v1/notes", {{"traceparent", made}});

    CHECK(made != given);
    CHECK(made.size() == 55);
    CHECK(header_of(again, "traceparent") == made);
}

TEST_CASE("browsers are told to guess, frame and load nothing, and to store nothing of the API") {
    Script script;
    auto blueprint = sample_blueprint(script);
    Routes<Script> on(script, "");
    on.get("/apiary", read_note).open();
    blueprint.routes.push_back(of_module("notes", on).front());
    Application application(std::move(blueprint));
    const auto [path, stored] = GENERATE(table<std::string, std::string>(
        {{"/api/v1/notes", "no-store"}, {"/api/v1/nothing", "no-store"}, {"/apiary", ""}}));

    const auto reply = ask(application, "GET", path);

    CHECK(header_of(reply, "X-Content-Type-Options") == "nosniff");
    CHECK(header_of(reply, "X-Frame-Options") == "DENY");
    CHECK(header_of(reply, "Referrer-Policy") == "no-referrer");
    CHECK(header_of(reply, "Content-Security-Policy") ==
          "default-src 'none'; frame-ancestors 'none'");
    CHECK(header_of(reply, "Cache-Control") == stored);
}

TEST_CASE("a header that the handler has set stays as it is, once") {
    Script script;
    Application application(sample_blueprint(script));

    const auto reply = ask(application, "GET", "/api/v1/page");

    CHECK(reply.body == "<p>hello</p>");
    CHECK(header_of(reply, "cache-control") == "max-age=60");
    CHECK(header_of(reply, "Cache-Control").empty());
    CHECK(header_of(reply, "X-Frame-Options") == "DENY");
}

TEST_CASE("a scoped route lets nobody in but a caller with its scope") {
    const auto [headers, scope, status, code, challenge] =
        GENERATE(table<std::vector<NamedText>, std::string, int, std::string, std::string>(
            {{{}, "notes:read", 401, "http.unauthenticated", R"(Bearer realm="api")"},
             {{{"Authorization", "Bearer bad"}},
              "notes:read",
              401,
              "test.bad_token",
              R"(Bearer realm="api", error="invalid_token")"},
             {{{"Authorization", "Bearer good"}},
              "notes:write",
              403,
              "http.forbidden",
              R"(Bearer realm="api", error="insufficient_scope", scope="notes:read")"},
             {{{"Authorization", "Bearer broken"}}, "notes:read", 500, "http.internal", ""}}));
    Script script;
    int runs = 0;
    script.act = [&] { ++runs; };
    OneToken authenticator;
    authenticator.scope = scope;
    auto blueprint = sample_blueprint(script);
    blueprint.authenticator = &authenticator;
    Application application(std::move(blueprint));

    const auto reply = ask(application, "GET", "/api/v1/secret", headers);

    CHECK(reply.status == status);
    CHECK(says(reply, "\"code\":\"" + code + '"'));
    CHECK(header_of(reply, "WWW-Authenticate") == challenge);
    CHECK_FALSE(says(reply, "hunter2"));
    CHECK(runs == 0);
}

TEST_CASE("a caller with the scope is let in, by HEAD as well") {
    const std::string method = GENERATE("GET", "HEAD");
    const std::string scope = GENERATE("notes:read", "*");
    Script script;
    OneToken authenticator;
    authenticator.scope = scope;
    auto blueprint = sample_blueprint(script);
    blueprint.authenticator = &authenticator;
    Application application(std::move(blueprint));

    const auto reply =
        ask(application, method, "/api/v1/secret", {{"authorization", "Bearer good"}});

    CHECK(reply.status == 200);
}

TEST_CASE("a missing scope is named") {
    Script script;
    OneToken authenticator;
    authenticator.scope = "notes:write";
    auto blueprint = sample_blueprint(script);
    blueprint.authenticator = &authenticator;
    Application application(std::move(blueprint));

    const auto reply =
        ask(application, "GET", "/api/v1/secret", {{"Authorization", "Bearer good"}});

    CHECK(says(reply, R"(This needs the scope \"notes:read\".)"));
}

TEST_CASE("without an authenticator scoped routes are unavailable and open ones go on") {
    const auto [path, status] =
        GENERATE(table<std::string, int>({{"/api/v1/secret", 503}, {"/api/v1/notes", 200}}));
    Script script;
    Application application(sample_blueprint(script));

    const auto reply = ask(application, "GET", path, {{"Authorization", "Bearer good"}});

    CHECK(reply.status == status);
    CHECK(says(reply, "auth.unavailable") == (status == 503));
    CHECK(header_of(reply, "Retry-After") == (status == 503 ? "1" : ""));
}

TEST_CASE("an open route does not ask who calls") {
    Script script;
    OneToken authenticator;
    auto blueprint = sample_blueprint(script);
    blueprint.authenticator = &authenticator;
    Application application(std::move(blueprint));

    const auto reply =
        ask(application, "GET", "/api/v1/notes", {{"Authorization", "Bearer broken"}});

    CHECK(reply.status == 200);
    CHECK(authenticator.asked == 0);
}

TEST_CASE("each reply is one access line with the request's id") {
    Script script;
    auto blueprint = sample_blueprint(script);
    blueprint.access_log = true;
    Application application(std::move(blueprint));
    std::string line;
    {
        Output output;
        ask(application, "GET", "/api/v1/notes/%22%0A",
            {{"X-Request-Id", "id-1"}, {"User-Agent", "test/1"}});
        line = output.take();
    }

    CHECK(std::ranges::count(line, '\n') == 1);
    for (const auto* part :
         {R"("module":"access")", R"("request_id":"id-1")", R"("method":"GET")",
          R"("path":"/api/v1/notes/\"\n")", R"("route":"/api/v1/notes/{name}")", R"("status":200)",
          R"("duration_us":)", R"("bytes":)", R"("queries":0)", R"("caller":"")",
          R"("user_agent":"test/1")", R"("traceparent":"00-)"})
        CHECK(has(line, part));
}

TEST_CASE("an access log that is off writes nothing") {
    Script script;
    Application application(sample_blueprint(script));
    std::string lines;
    {
        Output output;
        ask(application, "GET", "/api/v1/notes");
        lines = output.take();
    }

    CHECK(lines.empty());
}

TEST_CASE("what a handler logs and throws carries the request's id") {
    Script script;
    script.act = [] {
        Log("notes").info("looking");
        throw std::runtime_error("the shelf is gone");
    };
    Application application(sample_blueprint(script));
    std::string lines;
    {
        Output output;
        ask(application, "GET", "/api/v1/notes", {{"X-Request-Id", "id-1"}});
        lines = output.take();
    }

    CHECK(std::ranges::count(lines, '\n') == 2);
    CHECK(has(lines, R"("message":"looking","request_id":"id-1")"));
    CHECK(has(lines, R"("detail":"the shelf is gone")"));
    CHECK(has(lines, R"("level":"error")"));
}
