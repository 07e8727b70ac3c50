#include "module/setting_lines.hpp"
#include "module/supervisor_parts.hpp"
#include "value/enum_name.hpp"

#include <bulkhead/json.hpp>

#include <algorithm>
#include <utility>

namespace bulkhead::module {
namespace {

Error refused(std::string why) {
    return Error::invalid("server.apply_refused", std::move(why));
}

}  // namespace

void Supervisor::Parts::begin_apply() {
    const bool retry = applies.begin();
    manager.reloading();
    refused_apply.clear();
    auto next = next_candidate();
    if (!next)
        return refuse_candidate(next.error().message);
    if (retry)
        quarantine.release();
    if (const auto why = quarantine.refusal_of_set(next->digest()); !why.empty())
        return refuse_candidate(not_tried_again(why));
    if (retry || !serving || !applied_without_start(*next))
        start_generation(*next, Cause::apply);
}

Result<Candidate> Supervisor::Parts::next_candidate() {
    if (safe)
        return refused("the server runs with --safe; restart it without to load modules");
    auto next = load_configuration(file);
    if (!next)
        return std::move(next.error());
    if (next->server.data != data)
        return refused("server.data has changed from \"" + data + "\" to \"" + next->server.data +
                       "\"; change it back, or restart the server to apply it");
    warn_of_changed_addresses(*next);
    auto candidate = candidate_from(*std::move(next), program);
    look_at_files(candidate);
    return candidate;
}

void Supervisor::Parts::warn_of_changed_addresses(const Configuration& next) {
    const auto wanted = listen_keys(next);
    for (std::size_t place = 0; place < wanted.size(); ++place) {
        if (wanted[place].value == listen[place].value)
            continue;
        const auto sentence =
            std::string(wanted[place].key) + " has changed; restart the server to apply it";
        log.warning(sentence, {{"running", listen[place].value}, {"wanted", wanted[place].value}});
        applies.say(sentence);
    }
}

bool Supervisor::Parts::applied_without_start(const Candidate& next) {
    const auto& running = serving->candidate;
    if (is_same(running, next)) {
        log.info("nothing has changed; no generation is started",
                 {{"generation", serving->generation}});
        applies.finish(outcome(true, "nothing has changed"));
        return true;
    }
    if (!differs_in_log_level_alone(running, next))
        return false;
    Instruction instruction;
    instruction.log_level = next.configuration->log.level;
    serving->child.channel().send(json::text_of(instruction));
    for (auto& line : setting_lines(*next.configuration->document, "log", next.configuration->log))
        std::ranges::replace_if(
            serving->description.settings,
            [&](const Setting& setting) { return setting.key == line.key; }, line);
    for (auto* candidate : {&serving->candidate, &accepted}) {
        candidate->configuration = next.configuration;
        candidate->wanted.text = next.wanted.text;
    }
    if (!serving->probation)
        pass_probation();  // What is kept is to have this level as well.
    applies.finish(
        outcome(true, "log.level is " + *instruction.log_level + " now, without a new generation"));
    return true;
}

ApplyOutcome Supervisor::Parts::outcome(bool applied, const std::string& reason) const {
    ApplyOutcome made;
    made.applied = applied;
    made.generation = serving ? serving->generation : 0;
    made.reason = clipped(reason);
    return made;
}

void Supervisor::Parts::refuse_candidate(const std::string& reason) {
    log.error("the next configuration is refused; the running one goes on", {{"reason", reason}});
    refuse_apply(reason, {});
}

void Supervisor::Parts::refuse_apply(const std::string& reason, const Stage& stage,
                                     std::vector<std::string> migrated) {
    auto refusal = outcome(false, reason);
    refused_apply = refusal.reason;
    refusal.failed_at = stage;
    refusal.migrated = std::move(migrated);
    applies.finish(refusal);
}

void Supervisor::Parts::say_stage(const Worker& worker) {
    if (!is_starting(worker) || worker.cause != Cause::apply)
        return;
    std::string line(value::name_of(worker.stage.step));
    const auto& module = worker.stage.module;
    const auto version = worker.candidate.versions.find(module);
    if (!module.empty())
        line += " " + module;
    if (worker.stage.step == Step::load && version != worker.candidate.versions.end())
        line += " " + version->second;
    applies.say(line, worker.stage);
}

void Supervisor::Parts::hand_over(std::int64_t milliseconds) {
    handover.emplace(Handover{outcome(true, {})});
    handover->outcome.started = true;
    handover->outcome.milliseconds = milliseconds;
    handover->outcome.migrated = serving->migrated;
}

void Supervisor::Parts::finish_handover() {
    bool accepting = false;
    for (auto& worker : draining) {
        worker.child.channel().next_line();  // Nobody asks it anything any more.
        accepting |= !worker.child.channel().ended();
    }
    if (!handover || (accepting && Clock::now() < handover->end))
        return;
    const auto done = std::exchange(handover, std::nullopt)->outcome;
    applies.say("generation " + std::to_string(done.generation) + " ready in " +
                std::to_string(done.milliseconds) + " ms");
    applies.finish(done);
    if (!serving || !serving->probation)
        applies.end_of_probation(done);
}

}  // namespace bulkhead::module
