// PUT and DELETE /sample/{id}.

#include "harbour.hpp"

using sample::Harbour;

TEST_CASE("an item is changed") {
    const Harbour harbour;
    const auto anchor = harbour.add("Anchor");

    const auto response = harbour.ada.put("/sample/" + anchor, R"({"name": "Bell"})");

    CHECK(response.status == 200);
    CHECK(harbour.ada.get("/sample/" + anchor).data().at("name") == "Bell");
}

TEST_CASE("a changed name must be free") {
    const Harbour harbour;
    harbour.add("Anchor");
    const auto bell = harbour.add("Bell");

    const auto response = harbour.ada.put("/sample/" + bell, R"({"name": "Anchor"})");

    CHECK(response.status == 409);
    CHECK(response.error_code == "sample.name_taken");
}

TEST_CASE("a removed item is gone") {
    const Harbour harbour;
    const auto anchor = harbour.add("Anchor");

    const auto response = harbour.ada.del("/sample/" + anchor);

    CHECK(response.status == 204);
    CHECK(harbour.ada.get("/sample/" + anchor).status == 404);
    CHECK(harbour.ada.del("/sample/" + anchor).status == 404);
}

TEST_CASE("somebody else's item does not exist") {
    Harbour harbour;
    const auto anchor = harbour.add("Anchor");
    const auto bob = harbour.app.sign_in("bob", {"sample:read", "sample:write"});

    const auto shown = bob.get("/sample/" + anchor);
    const auto changed = bob.put("/sample/" + anchor, R"({"name": "Mine"})");
    const auto removed = bob.del("/sample/" + anchor);

    for (const auto& response : {shown, changed, removed}) {
        CHECK(response.status == 404);
        CHECK(response.error_code == "sample.not_found");
    }
    CHECK(harbour.ada.get("/sample/" + anchor).status == 200);
}
