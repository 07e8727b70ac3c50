#pragma once

#include <bulkhead/shape.hpp>

#include <functional>

namespace bulkhead::module {

/// The steps of a starting generation. `configure`: plugins.toml is read; `gate`: files are judged;
/// `load`: their code is linked; `migrate`: the database is brought up to date; `construct` and
/// `health`, in turn for one module after the other: it is made, and asked whether it can work;
/// `serve`: connections are accepted.
enum class Step : std::uint8_t { configure, gate, load, migrate, construct, health, serve };
constexpr std::array<std::string_view, 7> names(Step) {
    return {"configure", "gate", "load", "migrate", "construct", "health", "serve"};
}

/// Where a starting generation is. What ends it there is that step's and that module's fault.
struct Stage {
    Step step = Step::configure;
    std::string module;  ///< empty: no module's

    static auto fields() {
        return shape(field("step", &Stage::step), field("module", &Stage::module));
    }
};

/// "orders: construct", or the step alone.
std::string place_of(const Stage& stage);

/// Told of each stage before it is entered, so that a crash or a hang has a name.
using OnStage = std::function<void(const Stage&)>;

}  // namespace bulkhead::module
