// One query, two ways: what an I/O thread answers is what a worker answers.

#include "query_server.hpp"

#include "support/scale.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using namespace bulkhead::test;

namespace {

const auto first_id = *Uuid::from("01890000-0000-7000-8000-000000000001");
const auto owner = *CallerId::from("01890000-0000-7000-8000-0000000000aa");

std::string bearer(CallerId caller) {
    return "Authorization: Bearer " + caller.to_text() + "\r\n";
}

Sample plain(std::int64_t large) {
    Sample sample;
    sample.id = Uuid::fresh();
    sample.text = "sample " + std::to_string(large);
    sample.large = large;
    return sample;
}

Sample odd() {
    Sample sample = plain(-9'223'372'036'854'775'807);
    sample.id = first_id;
    sample.text =
        "\"quoted\" \\ / \x01\x1f\t\r\n Gr\xc3\xbc\xc3\x9f"
        "e \xf0\x9f\x90\x99 </script>";
    sample.remark = "";
    sample.flag = true;
    sample.opinion = false;
    sample.small = -2'147'483'647;
    sample.maybe = 0;
    sample.ratio = 0.1;
    sample.at = *timestamp_from("2026-11-20T10:21:10.5Z");
    sample.until = *timestamp_from("1999-12-31T23:59:59.000001Z");
    sample.tags = {"a \"b\"", "\xc3\xa9", ""};
    sample.mark = {"re\"d", -5};
    return sample;
}

/// The same database behind both ways.
struct Both {
    TestDatabase database{sample_schema};
    QueryServer lane{database.pool(), Way::lane};
    QueryServer workers{database.pool(), Way::workers};

    Both() {
        if (on_postgresql())
            lane.await_lane();
    }
};

std::string after(const RawResponse& page) {
    constexpr std::string_view name = R"("next_cursor":")";
    const auto found = page.body.find(name);
    if (found == std::string::npos)
        return {};
    const auto begin = found + name.size();
    return page.body.substr(begin, page.body.find('"', begin) - begin);
}

}  // namespace

TEST_CASE("a query route answers a row as its type says, on every engine and by every way") {
    Both both;
    insert(both.database, odd(), owner);

    const auto path = "/samples/" + first_id.to_text();
    const auto by_lane = both.lane.get(path);
    const auto by_worker = both.workers.get(path);

    CHECK(by_lane.status == 200);
    CHECK(by_lane.body ==
          R"({"success":true,"data":{"id":"01890000-0000-7000-8000-000000000001",)"
          R"("text":"\"quoted\" \\ / \u0001\u001f\t\r\n Grüße 🐙 </script>",)"
          R"("remark":"","flag":true,"opinion":false,"small":-2147483647,)"
          R"("large":-9223372036854775807,"maybe":0,"ratio":0.1,)"
          R"("at":"2026-11-20T10:21:10.500000Z","until":"1999-12-31T23:59:59.000001Z",)"
          R"("tags":["a \"b\"","é",""],"mark":{"colour":"re\"d","weight":-5}},)"
          R"("error":null,"meta":{"request_id":"sample"}})");
    CHECK(by_worker.body == by_lane.body);
    CHECK(by_worker.status == by_lane.status);
    CHECK(by_worker.header("Content-Type") == by_lane.header("Content-Type"));
}

TEST_CASE("numbers and times of every length are written the same by every way") {
    Both both;
    const std::vector<double> ratios{0, -0.5, 1e300, 1e-7, 123'456'789.125, 3};
    const std::vector<const char*> times{"1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z",
                                         "9999-12-31T23:59:59.999999Z", "2026-02-28T01:02:03.04Z"};
    for (std::size_t number = 0; number < ratios.size(); ++number) {
        auto sample = plain(static_cast<std::int64_t>(number));
        sample.ratio = ratios[number];
        sample.at = *timestamp_from(times[number % times.size()]);
        insert(both.database, sample, owner);
    }

    const auto by_lane = both.lane.get("/samples");

    CHECK(by_lane.status == 200);
    CHECK_THAT(by_lane.body, Catch::Contains(R"("0001-01-01T00:00:00.000000Z")"));
    CHECK_THAT(by_lane.body, Catch::Contains(R"("remark":null)"));
    CHECK(by_lane.body == both.workers.get("/samples").body);
}

TEST_CASE("a query route refuses what an ordinary one refuses, with the same words") {
    Both both;
    insert(both.database, odd(), owner);
    insert(both.database, plain(2), owner);
    struct Case {
        std::string path;
        int status;
        std::string code;
    };
    const std::vector<Case> cases{
        {"/samples/01890000-0000-7000-8000-000000000009", 404, "test.no_sample"},
        {"/samples/nonsense", 404, "http.not_found"},
        {"/pages?limit=many", 400, "http."},
        {"/pages?cursor=nonsense", 400, "http.bad_cursor"},
        {"/mine/" + first_id.to_text(), 401, "http.unauthenticated"},
        {"/several", 500, "http.internal"},
        {"/absent", 500, "http.internal"},
        {"/mistyped", 500, "http.internal"},
    };

    for (const auto& [path, status, code] : cases) {
        INFO(path);
        const auto by_lane = both.lane.get(path);
        const auto by_worker = both.workers.get(path);

        CHECK(by_lane.status == status);
        CHECK_THAT(by_lane.body, Catch::Contains(code));
        CHECK(by_lane.body == by_worker.body);
        CHECK(by_lane.status == by_worker.status);
    }
}

TEST_CASE("a query that names :caller finds the caller's own rows alone") {
    Both both;
    insert(both.database, odd(), owner);
    const auto path = "/mine/" + first_id.to_text();

    for (const auto* server : {&both.lane, &both.workers}) {
        CHECK(server->get(path, bearer(owner)).status == 200);
        CHECK(server->get(path, bearer(CallerId::fresh())).status == 404);
    }
}

TEST_CASE("the pages of a query go through every row once, the same by every way") {
    Both both;
    constexpr int rows = 25;
    for (int row = 0; row < rows; ++row)
        insert(both.database, plain(row / 4), owner);

    int seen = 0;
    std::string cursor;
    do {
        const auto path = "/pages?limit=4" + (cursor.empty() ? "" : "&cursor=" + cursor);
        const auto page = both.lane.get(path);
        REQUIRE(page.status == 200);
        CHECK(page.body == both.workers.get(path).body);
        for (auto at = page.body.find(R"("id")"); at != std::string::npos;
             at = page.body.find(R"("id")", at + 1))
            ++seen;
        cursor = after(page);
    } while (!cursor.empty());

    CHECK(seen == rows);
    CHECK(both.lane.get("/pages?limit=4").body.find("sample 0") != std::string::npos);
}

TEST_CASE("a list without a row is an empty list by every way") {
    Both both;

    const auto by_lane = both.lane.get("/samples");

    CHECK_THAT(by_lane.body, Catch::StartsWith(R"({"success":true,"data":[],)"));
    CHECK(both.workers.get("/samples").body == by_lane.body);
    CHECK(both.lane.get("/pages").body == both.workers.get("/pages").body);
}

TEST_CASE("pipelined questions of many connections are answered each in its order") {
    Both both;
    constexpr int connections = 20;
    const int questions = at_scale(10, 100);

    std::vector<RawClient> clients;
    for (int number = 0; number < connections; ++number) {
        std::string all;
        for (int question = 0; question < questions; ++question)
            all += http::test::get("/echoed/" + std::to_string(number * questions + question));
        clients.push_back(both.lane.connect());
        clients.back().send(all);
    }

    for (int number = 0; number < connections * questions; ++number) {
        const auto response = clients[static_cast<std::size_t>(number / questions)].read_response();
        CHECK(response.status == 200);
        CHECK_THAT(response.body, Catch::StartsWith(R"({"success":true,"data":{"number":)" +
                                                    std::to_string(number) + "}"));
    }
}
