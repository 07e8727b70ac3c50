#include "module/plan.hpp"
#include "commands.hpp"
#include "module/admin.hpp"
#include "plan_text.hpp"
#include "preview.hpp"

#include <bulkhead/json.hpp>

#include <iostream>

namespace bulkhead::app {
namespace {

using Status = std::optional<module::SupervisorStatus>;

module::Terms terms_beside(const Status& status) {
    module::Terms terms;
    if (status) {
        terms.generation = status->generation + 1;
        terms.quarantined = status->quarantined;
    }
    return terms;
}

Result<int> plan(const CommandOptions& options) {
    auto configuration = module::load_configuration(options.config);
    if (!configuration)
        return configuration.error();
    const auto status = module::ask_status(*configuration);
    if (!status)
        return status.error();
    const auto serving = *status ? (*status)->serving : std::nullopt;

    auto next = preview(*std::move(configuration), terms_beside(*status));
    auto made = next ? module::plan_of(serving, next->description, std::move(next->pending))
                     : module::Plan{};
    if (!next)
        made.refusal = module::refusal_of(serving, sentence_of(next.error()));
    if (serving)
        made.generation = (*status)->generation;
    std::cout << (options.json ? json::text_of(made) + '\n' : for_people(made));
    if (!made.refusal.empty())
        return refusal(made.refusal);
    return exit_done;
}

}  // namespace

void add_plan(Program& program) {
    program.offer_json(program.add(
        "plan", "Print what applying the configuration would do, and change nothing", plan));
}

}  // namespace bulkhead::app
