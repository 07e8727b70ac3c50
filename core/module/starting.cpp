#include "module/announce.hpp"
#include "module/control.hpp"
#include "module/supervisor_parts.hpp"
#include "value/enum_name.hpp"

#include <bulkhead/json.hpp>

#include <sys/wait.h>

#include <algorithm>
#include <csignal>

namespace bulkhead::module {
namespace {

constexpr int lines_at_once = 100;  // Of a worker, before everybody else has had a turn.

std::string what_happened(const Worker& worker, int wait_status) {
    if (!worker.overdue.empty())
        return worker.overdue;
    return (WIFSIGNALED(wait_status) ? "the worker was ended by " : "the worker ended with ") +
           ending_of(wait_status);
}

// The module whose code ran when the worker ended, if it ran alone.
std::optional<Pin> blamed_by(const Worker& worker) {
    const auto step = worker.stage.step;
    const bool alone = step == Step::load || step == Step::construct || step == Step::health;
    const auto& name = worker.stage.module;
    auto candidate = worker.candidate;
    if (alone && !candidate.pinned)
        look_at_files(candidate);
    auto sha256 = candidate.sha256_of(name);
    if (!alone || sha256.empty())
        return std::nullopt;
    return Pin{name, std::move(sha256)};
}

bool has_come(const std::optional<Clock::time_point>& due) {
    return due && Clock::now() >= *due;
}

}  // namespace

// Without a last good set the refused one is better than nothing.
void Supervisor::Parts::take_first_candidate() {
    if (safe || !quarantine.refuses_any_set())
        return;
    look_at_files(accepted);
    const auto why = quarantine.refusal_of_set(accepted.digest());
    if (why.empty())
        return;
    const auto set = last_good(data_folder);
    auto last = set ? candidate_from(*set, file, program)
                    : Result<Candidate>(Error::unavailable("server.no_last_good", "none is kept"));
    if (!last)
        return log.warning(
            "this set was rolled back before, and is tried again for want of another",
            {{"rolled_back", why}, {"last_good", last.error().message}});
    accepted = *std::move(last);
    good = *set;
    log.warning("this set was rolled back before; the last good one starts instead",
                {{"rolled_back", why}});
    complain("what " + file.string() + " and its modules are now was rolled back before (" + why +
             "); the last good set starts instead; change a file, or run `bulkhead apply --retry`");
}

bool Supervisor::Parts::may_drain_one_more() const {
    return !serving || draining.size() < max_draining;
}

// The next one may never become ready: where nothing serves, what is accepted starts beside it.
bool Supervisor::Parts::may_start() const {
    return !ending && !starting && (!next || !serving) && may_drain_one_more();
}

bool Supervisor::Parts::is_starting(const Worker& worker) const {
    return (starting && &worker == &*starting) || (next && &worker == &*next);
}

void Supervisor::Parts::start_what_is_due() {
    if (has_come(start_due) && may_start())
        return start_generation(accepted, Cause::start);
    if (ending || starting || next || !applies.due())
        return;
    if (!may_drain_one_more())
        put_off_apply();
    else if (!handover)
        begin_apply();
}

void Supervisor::Parts::put_off_apply() {
    if (applies.put_off("waits until one of the draining generations ends"))
        log.info("the apply waits until a draining generation has ended",
                 {{"draining", draining.size()}});
}

void Supervisor::Parts::start_generation(const Candidate& candidate, Cause cause) {
    if (cause == Cause::start)
        start_due.reset();
    auto child = start_worker(candidate, cause);
    const auto number = ++generations;
    if (!child)
        return start_failed({number, cause, {}, {}, child.error().message, {}});
    auto& worker = (cause == Cause::apply ? next : starting)
                       .emplace(Worker{*std::move(child), number, cause, candidate});
    worker.deadline =
        worker.since + std::chrono::seconds(candidate.configuration->server.ready_seconds);
    manager.extend(std::chrono::ceil<std::chrono::seconds>(*worker.deadline - worker.since) +
                   start_grace);
    log.info("generation starting", {{"generation", number}, {"pid", worker.child.pid()}});
}

// The first one is a copy of this process, which has just read all that it needs: half of the time
// until it serves. Later ones execute what lies on the disk by then, and get addresses of their
// own.
Result<Child> Supervisor::Parts::start_worker(const Candidate& candidate, Cause cause) {
    Instruction instruction;
    instruction.terms = terms_for(candidate, cause);
    const auto first_line = json::text_of(instruction);
    if (!own_program || generations > 0)
        return Child::start(program, file, candidate.wanted.text, listening.sockets(), first_line);
    return Child::copy(listening.sockets(), first_line, [&](auto sockets, int descriptor) {
        Control control(descriptor);
        return run_worker(*candidate.configuration, Listeners(std::move(sockets)), control);
    });
}

Terms Supervisor::Parts::terms_for(const Candidate& candidate, Cause cause) {
    Terms terms;
    terms.generation = generations + 1;
    terms.quarantined = quarantine.modules();
    terms.pinned = candidate.pins;
    terms.tls_files = candidate.tls_files;
    if (terms.tls_files)
        terms.ticket_seed = ticket_seed =
            ticket_seed.at(candidate.configuration->features.tls.session_seconds, now());
    // No content at all cannot be pinned.
    terms.safe = safe || (candidate.pinned && candidate.pins.empty());
    terms.whole = cause == Cause::apply;
    if (terms.whole)
        terms.excused = excused_from(candidate, left_out, terms.quarantined);
    return terms;
}

void Supervisor::Parts::hear(std::optional<Worker>& worker) {
    if (worker)
        worker->child.channel().flush();  // Its terms may be long.
    for (int lines = 0; worker && lines < lines_at_once; ++lines)
        if (!hear_line(*worker))
            return;
}

bool Supervisor::Parts::hear_line(Worker& worker) {
    const auto line = worker.child.channel().next_line();
    if (!line)
        return hear_nothing(worker), false;
    const auto report = json::read<Report>(*line);
    if (!report)
        return distrust(worker, report.error().message), false;
    take(worker, *report);
    if (report->serving && is_starting(worker) && worker.overdue.empty())
        promote(worker.cause == Cause::apply ? next : starting);
    return true;
}

// What it says ends up in logs and on terminals.
void Supervisor::Parts::take(Worker& worker, const Report& report) {
    if (report.entered) {
        worker.stage = {report.entered->step, clipped(report.entered->module)};
        say_stage(worker);
    }
    if (report.migrated && worker.migrated.size() < max_migrated) {
        const auto& name = worker.migrated.emplace_back(clipped(*report.migrated));
        applies.say("migrate " + name, Stage{Step::migrate, name});
    }
    if (report.refusal && worker.refusal.empty())
        worker.refusal = clipped(*report.refusal);
    if (report.serving)
        worker.description = *report.serving;
    if (report.counts)
        worker.counts = *report.counts;
}

void Supervisor::Parts::hear_nothing(Worker& worker) const {
    if (worker.child.channel().overlong() && worker.overdue.empty())
        distrust(worker, "more than " + std::to_string(max_message_bytes) + " bytes in one line");
}

// A module shares its process with the worker, and may write anywhere.
void Supervisor::Parts::distrust(Worker& worker, const std::string& why) const {
    worker.child.channel().close();
    if (!is_starting(worker))
        return log.warning("the worker says what is no report; it is not listened to any more",
                           {{"generation", worker.generation}, {"reason", why}});
    worker.overdue = "the worker said what is no report (" + why + ")";
    kill(worker);
}

void Supervisor::Parts::promote(std::optional<Worker>& ready) {
    if (ready->cause == Cause::apply)
        ready->returns_to = set_to_return_to(*ready);
    if (serving && serving->probation)
        applies.end_of_probation(outcome(true, "the next generation has taken its place"));
    retire(serving);
    serving = std::exchange(ready, std::nullopt);
    retire(starting);  // It would serve what is not accepted any more.
    start_due.reset();
    const auto now = Clock::now();
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(now - serving->since);
    serving->since = now;
    serving->deadline.reset();
    accept_what_serves();
    log.info("generation ready", {{"generation", serving->generation},
                                  {"pid", serving->child.pid()},
                                  {"milliseconds", took.count()}});
    if (serving->cause == Cause::apply)
        hand_over(took.count());
    begin_probation();
    if (!std::exchange(ever_ready, true))
        greet(listening.sockets(), file);
}

// Only what was started from the module directory knows of what lies there and does not run.
void Supervisor::Parts::accept_what_serves() {
    const auto& modules = serving->description.modules;
    if (!serving->candidate.pinned) {
        left_out = left_out_of(serving->description);
        take_files(serving->candidate, modules);
    } else {
        forget_lost(serving->candidate, modules);
    }
    accepted = serving->candidate;
    accepted.pinned = true;
    accepted.pins = pins_of(modules);
    quarantine.started(accepted.pins);
    for (const auto& module : modules) {
        if (module.state != State::quarantined)
            continue;
        accepted.pins.push_back({module.name, module.sha256});  // It stays known as such.
        if (std::ranges::find(left_out, module.name, &ModuleStatus::name) == left_out.end())
            left_out.push_back(module);
    }
}

void Supervisor::Parts::start_died(std::optional<Worker>& ended, int wait_status) {
    const auto worker = *std::exchange(ended, std::nullopt);
    FailedStart failed{worker.generation, worker.cause, worker.stage, worker.migrated, {}, {}};
    failed.reason = worker.refusal;
    if (worker.refusal.empty()) {
        failed.reason = place_of(worker.stage) + ": " + what_happened(worker, wait_status);
        failed.blamed = blamed_by(worker);
    }
    start_failed(failed);
}

void Supervisor::Parts::start_failed(const FailedStart& failed) {
    log.error(
        serving ? "the next generation failed; the running one goes on" : "the generation failed",
        {{"generation", failed.generation},
         {"step", value::name_of(failed.stage.step)},
         {"module", failed.stage.module},
         {"reason", failed.reason}});
    if (failed.cause == Cause::apply)
        return refuse_apply(failed.reason, failed.stage, failed.migrated);
    start_due = Clock::now() + backoff.pause_after(Clock::duration::zero());
    if (failed.blamed)
        return blame(*failed.blamed, failed.reason);
    if (ever_ready || next)
        return;
    complain(failed.reason);
    applies.dismiss(outcome(false, failed.reason));
    status = 1;
    ending = true;
}

// Its next start is tried with it, until it has ended too many.
void Supervisor::Parts::blame(const Pin& module, const std::string& reason) {
    const auto attempts = accepted.configuration->server.start_attempts;
    if (!quarantine.failed_to_start(module, attempts, reason))
        return;
    log.error("module quarantined",
              {{"name", module.name}, {"starts", attempts}, {"reason", reason}});
    complain(module.name + " is quarantined after " + std::to_string(attempts) + " starts (" +
             reason + "); replace its file, or run `bulkhead apply --retry`");
}

}  // namespace bulkhead::module
