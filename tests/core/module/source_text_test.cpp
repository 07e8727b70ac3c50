#include "module/source_text.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;

TEST_CASE("a text that ends within a literal or a comment is taken apart up to its end") {
    const auto [text, literal] = GENERATE(table<std::string, std::string>({
        {R"--(R"x(select)--", "select"},
        {R"--(R"x()--", ""},
        {R"--(R"x)--", ""},
        {R"--(R")--", ""},
        {R"--("select)--", "select"},
        {R"--("select\)--", "select\\"},
        {R"--(")--", ""},
    }));

    const auto file = module::take_apart("a.cpp", text);

    REQUIRE(file.literals.size() == 1);
    CHECK(file.literals.front() == literal);
    CHECK(file.code.size() == text.size());
}
