#include "module/announce.hpp"
#include "module/supervisor_parts.hpp"

#include <algorithm>
#include <csignal>

namespace bulkhead::module {

void Supervisor::Parts::retire(std::optional<Worker>& worker) {
    if (!worker)
        return;
    log.info("generation draining",
             {{"generation", worker->generation}, {"pid", worker->child.pid()}});
    worker->child.signal(SIGTERM);
    worker->deadline = Clock::now() + longest_drain(*worker);
    draining.push_back(*std::exchange(worker, std::nullopt));
}

// What has been proven, else what the one before would have returned to: two applies in a row do
// not make the first of them good.
std::optional<ModuleSet> Supervisor::Parts::set_to_return_to(const Worker& ready) const {
    auto set = good;
    if (!set && serving)
        set = serving->returns_to ? *serving->returns_to : serving->set();
    const bool itself = set && set->digest() == ready.set().digest();
    return itself ? std::nullopt : set;
}

void Supervisor::Parts::begin_probation() {
    const auto& options = serving->candidate.configuration->server;
    if (options.probation_seconds == 0)
        return pass_probation();
    serving->probation.emplace(options, serving->since);
}

void Supervisor::Parts::judge() {
    if (!serving || !serving->probation)
        return;
    const auto why = serving->probation->verdict(serving->counts);
    if (why.empty() && Clock::now() < serving->probation->end())
        return;
    if (why.empty())
        return pass_probation();
    if (serving->returns_to)
        return roll_back(why);
    log.warning("the generation breaks its probation, and there is no other set to return to",
                {{"generation", serving->generation}, {"reason", why}});
    serving->probation.reset();
    applies.end_of_probation(outcome(false, why));
}

void Supervisor::Parts::pass_probation() {
    serving->probation.reset();
    serving->returns_to.reset();
    applies.end_of_probation(outcome(true, {}));
    if (safe)
        return;
    good = serving->set();
    keep(*good);
}

void Supervisor::Parts::keep(const ModuleSet& set) const {
    if (const auto kept = keep_last_good(data_folder, set); !kept)
        log.error("the last good set cannot be kept", {{"reason", kept.error().message}});
}

void Supervisor::Parts::roll_back(const std::string& reason) {
    if (handover)
        handover->end = Clock::now();  // It did serve; what follows is another message.
    finish_handover();
    const auto set = *std::exchange(serving->returns_to, std::nullopt);
    serving->probation.reset();
    const auto generation = std::to_string(serving->generation);
    const auto sentence = "generation " + generation + " is rolled back: " + reason +
                          "; the last good set returns, and this one is refused until a file "
                          "changes or `bulkhead apply --retry`";
    quarantine.refuse_set(serving->candidate.digest(), reason);
    keep(set);  // A restart finds no file that it could trust more.
    log.error("the generation is rolled back",
              {{"generation", serving->generation}, {"reason", reason}});
    complain(sentence);
    auto next = candidate_from(set, file, program);
    if (next) {
        accepted = *std::move(next);
        start_due = Clock::now();
    } else {
        log.error("the last good set cannot be read; what is there goes on",
                  {{"reason", next.error().message}});
    }
    auto failed = outcome(false, sentence);
    failed.started = true;
    failed.failed_at = Stage{Step::serve, {}};
    applies.end_of_probation(failed);
}

void Supervisor::Parts::serving_died(int wait_status) {
    const auto now = Clock::now();
    const auto how = ending_of(wait_status);
    const auto pause = backoff.pause_after(now - serving->since);
    log.error("the worker died and will be replaced", {{"generation", serving->generation},
                                                       {"pid", serving->child.pid()},
                                                       {"ending", how},
                                                       {"pause_milliseconds", pause.count()}});
    start_due = now + pause;
    const auto why = "its worker ended within server.probation_seconds (" + how + ")";
    if (serving->probation && serving->returns_to)
        roll_back(why);
    else if (serving->probation)
        applies.end_of_probation(outcome(false, why));
    serving.reset();
}

void Supervisor::Parts::drained(pid_t pid, int wait_status) {
    const auto worker = std::ranges::find_if(
        draining, [pid](const Worker& candidate) { return candidate.child.pid() == pid; });
    if (worker == draining.end())
        return;  // As process 1 of a container it also reaps strangers.
    log.info(
        "generation ended",
        {{"generation", worker->generation}, {"pid", pid}, {"ending", ending_of(wait_status)}});
    draining.erase(worker);
}

}  // namespace bulkhead::module
