// GET /sample.

#include "harbour.hpp"

using sample::Harbour;

TEST_CASE("items are listed by name, page by page, and only one's own") {
    Harbour harbour;
    harbour.add("Chain");
    harbour.add("Anchor");
    harbour.add("Bell");
    const auto bob = harbour.app.sign_in("bob", {"sample:read"});

    const auto first = harbour.ada.get("/sample?limit=2");
    const auto cursor = std::string(first.meta().at("next_cursor").as_string());
    const auto second = harbour.ada.get("/sample?limit=2&cursor=" + cursor);

    REQUIRE(first.data().as_array().size() == 2);
    CHECK(first.data().at(0).at("name") == "Anchor");
    CHECK(first.data().at(1).at("name") == "Bell");
    REQUIRE(second.data().as_array().size() == 1);
    CHECK(second.data().at(0).at("name") == "Chain");
    CHECK(bob.get("/sample").data().as_array().empty());
}
