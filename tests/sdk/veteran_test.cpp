// A module that was built against the oldest headers of this major runs on today's core.

#include "http/application.hpp"
#include "module/inventory.hpp"
#include "support/test_app.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <algorithm>

using bulkhead::test::Response;
using bulkhead::test::TestApp;

namespace {

class Veteran {
public:
    TestApp app = TestApp({"veteran"}, "[module.veteran.settings]\ngreeting = \"Aye\"\n",
                          BULKHEAD_FIXTURES_DIR);

    Response add(std::string_view title, std::string_view more = "") {
        return app.post("/notes", R"({"title": ")" + std::string(title) +
                                      R"(", "mood": "stormy", "tags": [])" + std::string(more) +
                                      "}");
    }
    static std::string id_of(const Response& response) {
        return std::string(response.data().at("id").as_string());
    }
};

}  // namespace

TEST_CASE("a module built against SDK 1.0 is admitted, and says so") {
    Veteran veteran;

    const auto inventory =
        bulkhead::module::take_inventory(veteran.app.generation().configuration(), {});

    const auto& manifest = inventory.admitted.at("veteran").manifest;
    CHECK(manifest.sdk_major == 1);
    CHECK(manifest.sdk_minor == 0);
    CHECK(manifest.version == "1.4.2");
}

TEST_CASE("a module built against SDK 1.0 reads a body, writes a row and gives it back") {
    Veteran veteran;
    const bulkhead::StoppedClock clock(*bulkhead::timestamp_from("2026-11-20T10:21:10.123456Z"));

    const auto added = veteran.add("Log", R"(, "stars": 4)");
    const auto shown = veteran.app.get("/notes/" + Veteran::id_of(added));

    CHECK(added.status == 201);
    CHECK(added.header("Location") == "/api/v1/notes/" + Veteran::id_of(added));
    CHECK(shown.status == 200);
    CHECK(shown.json.at("data") == added.json.at("data"));
    CHECK(shown.data().at("title") == "Log");
    CHECK(shown.data().at("mood") == "stormy");
    CHECK(shown.data().at("stars") == 4);
    CHECK(shown.data().at("created_at") == "2026-11-20T10:21:10.123456Z");
}

TEST_CASE("a module built against SDK 1.0 refuses as it did") {
    Veteran veteran;
    REQUIRE(veteran.add("Log").status == 201);
    const auto stranger = "/notes/" + bulkhead::Uuid::fresh().to_text();

    CHECK(veteran.add("Log").error_code == "veteran.title_taken");
    CHECK(veteran.add("").problem_field == "title");
    CHECK(veteran.add("Stars", R"(, "stars": 9)").problem_field == "stars");
    CHECK(veteran.add("More", R"(, "unknown": 9)").status == 422);
    CHECK(veteran.app.get(stranger).error_code == "veteran.not_found");
    CHECK(veteran.app.get("/notes/one").status == 404);
    CHECK(veteran.app.get("/notes?limit=0").status == 400);
    CHECK(veteran.app.get("/mine").status == 401);
    CHECK(veteran.app.count("notes") == 1);
}

TEST_CASE("a module built against SDK 1.0 lists page by page and removes") {
    Veteran veteran;
    for (const auto* title : {"Bow", "Boom", "Anchor"})
        REQUIRE(veteran.add(title).status == 201);

    const auto first = veteran.app.get("/notes?limit=1&title=Bo");
    const auto cursor = std::string(first.meta().at("next_cursor").as_string());
    const auto second = veteran.app.get("/notes?limit=1&title=Bo&cursor=" + cursor);
    const auto removed =
        bulkhead::test::Client(veteran.app)
            .del("/notes/" + std::string(second.data().at(0).at("id").as_string()));

    CHECK(first.data().at(0).at("title") == "Boom");
    CHECK(second.data().at(0).at("title") == "Bow");
    CHECK(removed.status == 204);
    CHECK(veteran.app.count("notes") == 2);
}

TEST_CASE("a module built against SDK 1.0 has its settings, its own shapes and its callers") {
    Veteran veteran;
    auto caller = bulkhead::test::Client(veteran.app).with_token("veteran");

    const auto greeting = veteran.app.get("/greeting");

    CHECK(greeting.status == 202);
    CHECK(greeting.body == "Aye");
    CHECK(greeting.header("X-Method") == "GET");
    CHECK(caller.get("/mine").data().at("title") == "01a1f969");
}

// SDK 1.1 keeps the number of what else a route says where 1.0 had padding: here the module's own
// code made the route, in memory that has been used before.
TEST_CASE("a module built against SDK 1.0 says nothing that it could not say, and is compressed") {
    Veteran veteran;
    for (int note = 10; note < 20; ++note)
        REQUIRE(veteran.add("Log " + std::to_string(note)).status == 201);
    const bulkhead::NamedText wish{"Accept-Encoding", "gzip"};
    bulkhead::Request request{};
    request.method = "GET";
    request.path = "/api/v1/notes";
    request.headers = std::span(&wish, 1);

    const auto reply = veteran.app.application().answer(request);

    const std::pair<std::string, std::string> gzip{"Content-Encoding", "gzip"};
    CHECK(std::ranges::count(reply.headers, gzip) == 1);
    CHECK(reply.body.size() < 1'024);
    for (const auto& route : veteran.app.application().routes())
        CHECK(route.more == 0);
}
