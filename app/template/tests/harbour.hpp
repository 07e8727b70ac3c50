#pragma once
// What the tests share: the whole application, and one caller who may do everything.

#include <bulkhead/test/test_app.hpp>

#include <catch2/catch.hpp>

namespace sample {

struct Harbour {
    bulkhead::test::TestApp app{"users", "auth", "sample"};
    bulkhead::test::Client ada = app.sign_in("ada", {"sample:read", "sample:write"});

    /// Returns the id.
    std::string add(const std::string& name) const {
        const auto response = ada.post("/sample", R"({"name": ")" + name + R"("})");
        REQUIRE(response.status == 201);
        return std::string(response.data().at("id").as_string());
    }
};

}  // namespace sample
