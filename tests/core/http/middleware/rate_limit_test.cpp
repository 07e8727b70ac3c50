#include "http/middleware/rate_limit.hpp"

#include "core/http/sample_application.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using namespace bulkhead::http;
using namespace bulkhead::http::test;

namespace {

/// "Bearer a" and "Bearer b" are two callers.
class TwoCallers final : public Authenticator {
public:
    Result<Caller> authenticate(std::string_view authorization) override {
        if (!authorization.starts_with("Bearer "))
            return Error::unauthenticated("test.bad_token", "This token is not valid.");
        return Caller{authorization.ends_with('a') ? ada_ : bob_, {"notes:read"}};
    }

private:
    CallerId ada_ = CallerId::fresh();
    CallerId bob_ = CallerId::fresh();
};

const std::vector<std::string> limited_order{"request_id",         "recover",
                                             "rate_limit_address", "authenticate",
                                             "rate_limit_caller",  "authorize"};

/// The sample routes behind limits of one request per second.
struct Limited {
    explicit Limited(std::int32_t address_burst, std::int32_t caller_burst,
                     std::int32_t per_second = 1)
        : application(blueprint(address_burst, caller_burst, per_second)) {}

    Blueprint blueprint(std::int32_t address_burst, std::int32_t caller_burst,
                        std::int32_t per_second) {
        auto blueprint = sample_blueprint(script);
        blueprint.middleware = limited_order;
        blueprint.authenticator = &callers;
        blueprint.unlimited = {"/api/v1/quick"};
        blueprint.features.rate_limit = {per_second, address_burst, per_second, caller_burst,
                                         1'024};
        return blueprint;
    }

    Reply get(std::string_view path, std::string_view address = "192.0.2.1",
              std::string_view authorization = {}) {
        const std::vector<NamedText> headers{{"Authorization", authorization}};
        Request request{};
        request.method = "GET";
        request.path = path;
        request.remote_address = address;
        if (!authorization.empty())
            request.headers = headers;
        return application.answer(request);
    }

    Script script;
    TwoCallers callers;
    Application application;
};

}  // namespace

TEST_CASE("beyond its rate an address is answered 429, and told when to come back") {
    Limited limited(2, 100);
    const auto first = limited.get("/api/v1/notes");
    limited.get("/api/v1/notes");

    const auto reply = limited.get("/api/v1/notes");

    CHECK(first.status == 200);
    CHECK(header_of(first, "RateLimit-Limit") == "2");
    CHECK(header_of(first, "RateLimit-Remaining") == "1");
    CHECK(header_of(first, "RateLimit-Reset") == "1");
    CHECK(reply.status == 429);
    CHECK(says(reply, R"("code":"http.rate_limited")"));
    CHECK(says(reply, "Too many requests of this address; try again in 1 s."));
    CHECK(header_of(reply, "Retry-After") == "1");
    CHECK(header_of(reply, "RateLimit-Remaining") == "0");
    CHECK(header_of(reply, "RateLimit-Reset") == "2");
    CHECK(limited.get("/api/v1/notes", "192.0.2.2").status == 200);
}

TEST_CASE("a caller is limited whatever address it comes from") {
    Limited limited(100, 1);
    const auto first = limited.get("/api/v1/secret", "192.0.2.1", "Bearer a");

    const auto second = limited.get("/api/v1/secret", "192.0.2.2", "Bearer a");
    const auto other = limited.get("/api/v1/secret", "192.0.2.2", "Bearer b");

    CHECK(first.status == 200);
    CHECK(second.status == 429);
    CHECK(says(second, "of this caller"));
    CHECK(other.status == 200);
}

TEST_CASE("the tighter one of two limits is told, and once") {
    const auto [address_burst, caller_burst, limit] =
        GENERATE(table<std::int32_t, std::int32_t, std::string>({{5, 9, "5"}, {9, 5, "5"}}));
    Limited limited(address_burst, caller_burst);

    const auto reply = limited.get("/api/v1/secret", "192.0.2.1", "Bearer a");

    CHECK(header_of(reply, "RateLimit-Limit") == limit);
    CHECK(std::ranges::count(reply.headers, "RateLimit-Limit",
                             &std::pair<std::string, std::string>::first) == 1);
}

TEST_CASE("what no limit counts is answered without end, and says nothing of limits") {
    Limited limited(1, 1);
    limited.get("/api/v1/notes");

    const auto reply = limited.get("/api/v1/quick");

    CHECK(limited.get("/api/v1/notes").status == 429);
    CHECK(reply.status == 200);
    CHECK(header_of(reply, "RateLimit-Limit").empty());
}

TEST_CASE("a path that nobody serves counts as any other") {
    Limited limited(1, 1);

    CHECK(limited.get("/nothing").status == 404);
    CHECK(limited.get("/nothing").status == 429);
}

TEST_CASE("a rate of 0 is no limit") {
    Limited limited(1, 1, 0);
    limited.get("/api/v1/secret", "192.0.2.1", "Bearer a");

    const auto reply = limited.get("/api/v1/secret", "192.0.2.1", "Bearer a");

    CHECK(reply.status == 200);
    CHECK(header_of(reply, "RateLimit-Limit").empty());
}

TEST_CASE("a limit of callers that stands before authenticate is refused") {
    Script script;
    auto blueprint = sample_blueprint(script);
    blueprint.middleware = {"rate_limit_caller", "authenticate", "authorize"};

    const auto sentence = refusal_of([&] { const Chain chain(blueprint); });

    CHECK(sentence.find("\"rate_limit_caller\" after \"authenticate\"") != std::string::npos);
}

TEST_CASE("refusals are counted by the middleware that made them") {
    Limited limited(1, 1);
    limited.get("/api/v1/notes");
    limited.get("/api/v1/notes");

    const auto statistics = limited.application.middleware_statistics();

    const auto count = [&](std::string_view name) {
        return std::ranges::find(statistics, name, &MiddlewareStatistics::name)->answered;
    };
    CHECK(count("rate_limit_address") == 1);
    CHECK(count("rate_limit_caller") == 0);
}

TEST_CASE("addresses share a bucket where one customer has them all") {
    const auto [one, other, same] = GENERATE(table<std::string, std::string, bool>({
        {"192.0.2.1", "192.0.2.1", true},
        {"192.0.2.1", "192.0.2.2", false},
        {"::ffff:192.0.2.1", "192.0.2.1", true},
        {"::ffff:192.0.2.1", "::ffff:192.0.2.2", false},
        {"2001:db8::1", "2001:db8::2:3:4", true},
        {"2001:db8::1", "2001:db8:0:0:ffff::", true},
        {"2001:db8::1", "2001:db8:0:1::1", false},
        {"fe80::1%eth0", "fe80::2%eth1", true},
        {"", "", true},
        {"", "192.0.2.1", false},
        {"unix", "", false},
        {"::", "", false},
        {"no address at all", "no address either", false},
        {std::string(300, ':'), std::string(300, 'x'), false},
    }));

    CHECK((bucket_of_address(one) == bucket_of_address(other)) == same);
}
