#pragma once

#include <bulkhead/shape.hpp>

namespace bulkhead::module {

/// What keeps modules from one another and from the inside of the core. `start`: a module that does
/// not run, so that its routes and uses stay unknown.
enum class Boundary : std::uint8_t { links, needs, tables, includes, routes, migrations, start };
constexpr std::array<std::string_view, 7> names(Boundary) {
    return {"links", "needs", "tables", "includes", "routes", "migrations", "start"};
}

/// One place where a module goes beyond a boundary.
struct Breach {
    std::string module;
    Boundary boundary = Boundary::links;
    std::string found;
    std::string expected;
    std::string remedy;

    static auto fields() {
        return shape(field("module", &Breach::module), field("boundary", &Breach::boundary),
                     field("found", &Breach::found), field("expected", &Breach::expected),
                     field("remedy", &Breach::remedy));
    }
};

}  // namespace bulkhead::module
