#pragma once

#include "module/module_status.hpp"

#include <span>

namespace bulkhead::module {

/// Text for people, the language of Graphviz (digraph), or Mermaid's `graph TD`.
enum class GraphForm : std::uint8_t { text, dot, mermaid };
constexpr std::array<std::string_view, 3> names(GraphForm) {
    return {"text", "dot", "mermaid"};
}

/// Who needs whom, each module with its version and state; a need of which there is neither file
/// nor table is `absent`. What does not run is drawn dashed.
std::string graph_of(std::span<const ModuleStatus> modules, GraphForm form);

}  // namespace bulkhead::module
