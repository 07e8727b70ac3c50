#include "commands.hpp"
#include "loaded.hpp"
#include "module/graph.hpp"

#include <bulkhead/json.hpp>

#include <algorithm>
#include <iostream>

namespace bulkhead::app {
namespace {

using module::GraphForm;

constexpr auto forms = names(GraphForm{});

struct Wanted {
    CLI::Option* graph = nullptr;
    std::string form;
};

GraphForm form_of(const std::string& name) {
    const auto* found = std::ranges::find(forms, name);
    return found == forms.end() ? GraphForm::text
                                : static_cast<GraphForm>(std::distance(forms.begin(), found));
}

Result<int> list_modules(const Wanted& wanted, const CommandOptions& options) {
    const auto generation = load(options.config);
    if (!generation)
        return generation.error();
    const auto& modules = (*generation)->modules();
    if (wanted.graph->count() > 0)
        std::cout << module::graph_of(modules, form_of(wanted.form));
    else
        std::cout << (options.json ? json::text_of(modules) + '\n' : states_in_columns(modules));
    return exit_done;
}

}  // namespace

void add_modules(Program& program) {
    auto wanted = std::make_shared<Wanted>();
    auto& command = program.add(
        "modules", "List the modules, their states and reasons",
        [wanted](const CommandOptions& options) { return list_modules(*wanted, options); });
    program.offer_json(command);
    wanted->graph = command
                        .add_option("--graph", wanted->form,
                                    "Who needs whom instead: text (default), dot or mermaid")
                        ->expected(0, 1)
                        ->check(CLI::IsMember(std::vector<std::string>(forms.begin(), forms.end())))
                        ->excludes("--json");
}

}  // namespace bulkhead::app
