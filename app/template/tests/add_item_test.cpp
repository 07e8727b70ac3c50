// POST /sample.

#include "harbour.hpp"

using sample::Harbour;

TEST_CASE("an item is added and says where it is") {
    const Harbour harbour;

    const auto response = harbour.ada.post("/sample", R"({"name": "Anchor"})");

    REQUIRE(response.status == 201);
    const auto& item = response.data();
    CHECK(item.at("name") == "Anchor");
    CHECK(item.at("owner_id").as_string() == harbour.ada.user_id);
    const auto id = std::string(item.at("id").as_string());
    CHECK(response.header("Location") == "/api/v1/sample/" + id);
    CHECK(harbour.ada.get("/sample/" + id).data() == item);
}

TEST_CASE("an item outside its limits is refused, naming the field") {
    Harbour harbour;
    const auto [body, field] = GENERATE(table<std::string, std::string>({
        {R"({})", "name"},
        {R"({"name": ""})", "name"},
        {R"({"name": 7})", "name"},
        {R"({"name": ")" + std::string(201, 'x') + R"("})", "name"},
        {R"({"name": "Anchor", "colour": "red"})", "colour"},
    }));

    const auto response = harbour.ada.post("/sample", body);

    INFO(body);
    CHECK(response.status == 422);
    CHECK(response.problem_field == field);
    CHECK(harbour.app.count("sample_items") == 0);
}

TEST_CASE("a name is taken once by each owner") {
    Harbour harbour;
    harbour.add("Anchor");
    const auto bob = harbour.app.sign_in("bob", {"sample:write"});

    const auto again = harbour.ada.post("/sample", R"({"name": "Anchor"})");
    const auto of_bob = bob.post("/sample", R"({"name": "Anchor"})");

    CHECK(again.status == 409);
    CHECK(again.error_code == "sample.name_taken");
    CHECK(of_bob.status == 201);
}

TEST_CASE("nobody has more items than the settings say") {
    bulkhead::test::TestApp app({"users", "auth", "sample"},
                                "[module.sample.settings]\nitems_per_owner = 1\n");
    const auto ada = app.sign_in("ada", {"sample:write"});
    ada.post("/sample", R"({"name": "Anchor"})");

    const auto response = ada.post("/sample", R"({"name": "Bell"})");

    CHECK(response.status == 409);
    CHECK(response.error_code == "sample.too_many_items");
}

TEST_CASE("adding an item needs a caller with the scope") {
    Harbour harbour;
    const auto reader = harbour.app.sign_in("bob", {"sample:read"});

    const auto nobody = harbour.app.post("/sample", R"({"name": "Anchor"})");
    const auto without_scope = reader.post("/sample", R"({"name": "Anchor"})");

    CHECK(nobody.status == 401);
    CHECK(without_scope.status == 403);
}
