#include "module/graph.hpp"

#include "value/enum_name.hpp"

#include <map>

namespace bulkhead::module {

namespace {

struct Node {
    std::string name;
    std::string version;  ///< empty if not known
    std::string state;
    std::vector<std::string> needs;

    bool runs() const { return state == "running"; }
    std::string title() const { return version.empty() ? name : name + " " + version; }
};

// By name.
using Nodes = std::map<std::string, Node>;

Nodes nodes_of(std::span<const ModuleStatus> modules) {
    Nodes nodes;
    for (const auto& module : modules)
        nodes[module.name] = {module.name, module.version,
                              std::string(value::name_of(module.state)), module.needs};
    for (const auto& module : modules)
        for (const auto& need : module.needs)
            nodes.try_emplace(need, Node{need, "", "absent", {}});
    return nodes;
}

std::string text_of(const Nodes& nodes) {
    std::string text;
    for (const auto& [name, node] : nodes) {
        text += node.title() + " (" + node.state + ")\n";
        for (const auto& need : node.needs)
            text += "  needs " + need + " (" + nodes.at(need).state + ")\n";
    }
    return text;
}

using Escapes = std::map<char, std::string_view>;

std::string escaped(std::string_view text, const Escapes& escapes) {
    std::string safe;
    for (const char c : text)
        if (const auto found = escapes.find(c); found != escapes.end())
            safe += found->second;
        else
            safe += c;
    return safe;
}

// A quoted string of the DOT language; in a label, a backslash begins an escape as well.
std::string in_dot(std::string_view text) {
    static const Escapes escapes{{'"', "\\\""}, {'\\', "\\\\"}, {'\n', " "}};
    return escaped(text, escapes);
}

std::string dot_of(const Nodes& nodes) {
    std::string text = "digraph modules {\n    node [shape=box];\n";
    for (const auto& [name, node] : nodes)
        text += "    \"" + in_dot(name) + "\" [label=\"" + in_dot(node.title()) + "\\n" +
                node.state + "\"" + (node.runs() ? "" : ", style=dashed") + "];\n";
    for (const auto& [name, node] : nodes)
        for (const auto& need : node.needs)
            text += "    \"" + in_dot(name) + "\" -> \"" + in_dot(need) + "\";\n";
    return text + "}\n";
}

// Mermaid's labels are read as HTML, where `#` begins an entity code; its ids take letters only.
std::string in_mermaid(std::string_view text) {
    static const Escapes escapes{{'"', "#quot;"}, {'#', "#35;"}, {'&', "#amp;"},
                                 {'<', "#lt;"},   {'>', "#gt;"}, {'\n', " "}};
    return escaped(text, escapes);
}

std::string mermaid_of(const Nodes& nodes) {
    std::map<std::string, std::string> ids;
    for (const auto& [name, node] : nodes)
        ids.emplace(name, "m" + std::to_string(ids.size() + 1));
    std::string text = "graph TD\n";
    for (const auto& [name, node] : nodes) {
        text += "    " + ids.at(name) + "[\"" + in_mermaid(node.title()) + "<br/>" + node.state +
                "\"]\n";
        if (!node.runs())
            text += "    style " + ids.at(name) + " stroke-dasharray: 5 5\n";
    }
    for (const auto& [name, node] : nodes)
        for (const auto& need : node.needs)
            text += "    " + ids.at(name) + " --> " + ids.at(need) + "\n";
    return text;
}

}  // namespace

std::string graph_of(std::span<const ModuleStatus> modules, GraphForm form) {
    const auto nodes = nodes_of(modules);
    switch (form) {
        case GraphForm::dot:
            return dot_of(nodes);
        case GraphForm::mermaid:
            return mermaid_of(nodes);
        case GraphForm::text:
            break;
    }
    return text_of(nodes);
}

}  // namespace bulkhead::module
