#include "module/graph.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using module::graph_of;
using module::GraphForm;
using module::ModuleStatus;
using module::State;

namespace {

ModuleStatus status(const std::string& name, State state, std::vector<std::string> needs = {}) {
    ModuleStatus made;
    made.name = name;
    made.version = "1.0.0";
    made.state = state;
    made.needs = std::move(needs);
    return made;
}

const std::vector<ModuleStatus> harbour{status("ships", State::running, {"docks"}),
                                        status("docks", State::running),
                                        status("cranes", State::disabled, {"docks", "power"})};

// A file may be called anything; what it is called becomes its module's name.
const std::vector<ModuleStatus> odd{status("a\"b\\c<d>#&", State::refused)};

}  // namespace

TEST_CASE("the graph as text names each module, its state and its needs") {
    CHECK(graph_of(harbour, GraphForm::text) ==
          "cranes 1.0.0 (disabled)\n"
          "  needs docks (running)\n"
          "  needs power (absent)\n"
          "docks 1.0.0 (running)\n"
          "power (absent)\n"
          "ships 1.0.0 (running)\n"
          "  needs docks (running)\n");
}

TEST_CASE("the graph in dot is a digraph of boxes, dashed where a module does not run") {
    CHECK(graph_of(harbour, GraphForm::dot) ==
          "digraph modules {\n"
          "    node [shape=box];\n"
          "    \"cranes\" [label=\"cranes 1.0.0\\ndisabled\", style=dashed];\n"
          "    \"docks\" [label=\"docks 1.0.0\\nrunning\"];\n"
          "    \"power\" [label=\"power\\nabsent\", style=dashed];\n"
          "    \"ships\" [label=\"ships 1.0.0\\nrunning\"];\n"
          "    \"cranes\" -> \"docks\";\n"
          "    \"cranes\" -> \"power\";\n"
          "    \"ships\" -> \"docks\";\n"
          "}\n");
}

TEST_CASE("the graph in Mermaid gives each module an id of letters and a quoted label") {
    CHECK(graph_of(harbour, GraphForm::mermaid) ==
          "graph TD\n"
          "    m1[\"cranes 1.0.0<br/>disabled\"]\n"
          "    style m1 stroke-dasharray: 5 5\n"
          "    m2[\"docks 1.0.0<br/>running\"]\n"
          "    m3[\"power<br/>absent\"]\n"
          "    style m3 stroke-dasharray: 5 5\n"
          "    m4[\"ships 1.0.0<br/>running\"]\n"
          "    m1 --> m2\n"
          "    m1 --> m3\n"
          "    m4 --> m2\n");
}

TEST_CASE("a name with signs of the graph's language is escaped") {
    CHECK(graph_of(odd, GraphForm::dot) ==
          "digraph modules {\n"
          "    node [shape=box];\n"
          "    \"a\\\"b\\\\c<d>#&\" [label=\"a\\\"b\\\\c<d>#& 1.0.0\\nrefused\", style=dashed];\n"
          "}\n");
    CHECK(graph_of(odd, GraphForm::mermaid) ==
          "graph TD\n"
          "    m1[\"a#quot;b\\c#lt;d#gt;#35;#amp; 1.0.0<br/>refused\"]\n"
          "    style m1 stroke-dasharray: 5 5\n");
}

TEST_CASE("a graph without modules is whole in every form") {
    CHECK(graph_of({}, GraphForm::text).empty());
    CHECK(graph_of({}, GraphForm::dot) == "digraph modules {\n    node [shape=box];\n}\n");
    CHECK(graph_of({}, GraphForm::mermaid) == "graph TD\n");
}
