#include "module/plan.hpp"
#include "commands.hpp"
#include "module/admin.hpp"
#include "module/candidate.hpp"
#include "module/child.hpp"
#include "module/quarantine.hpp"
#include "plan_text.hpp"
#include "preview.hpp"

#include <bulkhead/json.hpp>

#include <iostream>

namespace bulkhead::app {
namespace {

using Status = std::optional<module::SupervisorStatus>;

module::Terms terms_beside(const Status& status, const module::Quarantine& kept) {
    module::Terms terms;
    terms.generation = status ? status->generation + 1 : 1;
    terms.quarantined = status ? status->quarantined : kept.modules();
    return terms;
}

// Why exactly this text and these files are not tried again; empty when they are.
std::string rolled_back(const module::Configuration& configuration,
                        const module::Quarantine& kept) {
    auto candidate = module::candidate_from(configuration, module::running_program());
    look_at_files(candidate);
    const auto why = kept.refusal_of_set(candidate.digest());
    return why.empty() ? why : module::not_tried_again(why);
}

module::Plan plan_from(const Status& status, const module::Configuration& configuration) {
    const auto serving = status ? status->serving : std::nullopt;
    const module::Quarantine kept(configuration.data_folder());
    auto next = preview(configuration, terms_beside(status, kept));
    module::Plan made;
    made.action = serving ? module::Plan::Action::generation : module::Plan::Action::start;
    if (next)
        made = module::plan_of(serving, next->description, std::move(next->pending));
    if (!next)
        made.refusal = module::refusal_of(serving, sentence_of(next.error()));
    else if (const auto why = rolled_back(configuration, kept); !why.empty())
        made.refusal = module::refusal_of(serving, why);
    if (serving)
        made.generation = status->generation;
    return made;
}

Result<int> plan(const CommandOptions& options) {
    const auto configuration = module::load_configuration(options.config);
    if (!configuration)
        return configuration.error();
    const auto status = module::ask_status(*configuration);
    if (!status)
        return status.error();
    const auto made = plan_from(*status, *configuration);
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
