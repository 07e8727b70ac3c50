#include "module/announce.hpp"
#include "module/supervisor_parts.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace bulkhead::module {
namespace {

// Of lines_at_once each: enough for what a worker has said before it died.
constexpr int turns_for_last_words = 100;

std::optional<Clock::time_point> earliest(
    const std::vector<std::optional<Clock::time_point>>& deadlines) {
    std::optional<Clock::time_point> first;
    for (const auto& deadline : deadlines)
        if (deadline && (!first || *deadline < *first))
            first = deadline;
    return first;
}

std::filesystem::path program_of(const SupervisorOptions& options) {
    return options.program.empty() ? running_program() : options.program;
}

bool is_late(const Worker& worker) {
    return worker.deadline && *worker.deadline <= Clock::now();
}

}  // namespace

Supervisor::Parts::Parts(Configuration configuration, const std::filesystem::path& given_file,
                         const SupervisorOptions& options, AdminServer admin_server,
                         Listeners listening_sockets)
    : file(std::filesystem::absolute(given_file)),
      program(program_of(options)),
      own_program(options.program.empty()),
      safe(options.safe),
      listening(std::move(listening_sockets)),
      admin(std::move(admin_server)),
      data_folder(configuration.data_folder()),
      data(configuration.server.data),
      listen(listen_keys(configuration)),
      quarantine(data_folder),
      accepted(candidate_from(std::move(configuration), program)) {}

Result<Supervisor> Supervisor::open(Configuration configuration, const std::filesystem::path& file,
                                    const SupervisorOptions& options) {
    auto lock = DataLock::take(configuration.data_folder());
    if (!lock)
        return std::move(lock.error());
    auto admin = AdminServer::open(*std::move(lock));
    if (!admin)
        return std::move(admin.error());
    auto listening = Listeners::open(configuration);
    if (!listening)
        return std::move(listening.error());
    return Supervisor(std::make_unique<Parts>(std::move(configuration), file, options,
                                              *std::move(admin), *std::move(listening)));
}

Supervisor::Supervisor(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Supervisor::Supervisor(Supervisor&&) noexcept = default;

Supervisor::~Supervisor() = default;

int Supervisor::run() {
    ::signal(SIGPIPE, SIG_IGN);  // Whoever reads the log may end; the server goes on.
    log_listening(parts_->log, parts_->listening.sockets());
    parts_->take_first_candidate();
    while (!parts_->finished()) {
        parts_->start_what_is_due();
        if (std::exchange(parts_->crashes_untold, false))  // After the start: nobody waits for it.
            announce_crashes(parts_->log, parts_->data_folder);
        parts_->wait();
        parts_->hear(parts_->starting);
        parts_->hear(parts_->next);
        parts_->hear(parts_->serving);
        parts_->take_signals();
        parts_->finish_handover();
        parts_->judge();
        parts_->answer_admins();
        parts_->enforce_deadlines();
        parts_->tell_manager();
    }
    parts_->log.info("stopped", {{"status", parts_->status}});
    return parts_->status;
}

void Supervisor::Parts::wait() {
    std::vector<pollfd> watched{{signals.descriptor(), POLLIN, 0}};
    bool heard_already = false;
    const auto watch = [&](const Worker& worker) {
        const auto& channel = worker.child.channel();
        watched.push_back({channel.descriptor(), channel.events(), 0});
        heard_already |= channel.has_line();
    };
    for (const auto* worker : {&starting, &next, &serving})
        if (*worker)
            watch(**worker);
    std::ranges::for_each(draining, watch);
    admin.watch(watched);
    auto milliseconds = std::chrono::milliseconds(heard_already ? 0 : -1);
    if (const auto deadline = next_deadline(); deadline && !heard_already)
        milliseconds =
            std::max(std::chrono::milliseconds(0),
                     std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now()));
    if (!finished())
        ::poll(watched.data(), watched.size(), static_cast<int>(milliseconds.count()));
}

std::optional<Clock::time_point> Supervisor::Parts::next_deadline() const {
    std::vector<std::optional<Clock::time_point>> all{admin.deadline()};
    if (may_start())
        all.push_back(start_due);
    if (handover)
        all.emplace_back(handover->end);
    for (const auto* worker : {&starting, &next})
        if (*worker)
            all.push_back((*worker)->deadline);
    if (serving && serving->probation)
        all.emplace_back(serving->probation->end());
    for (const auto& worker : draining)
        all.push_back(worker.deadline);
    if (serving)
        all.push_back(manager.watched_until());
    return earliest(all);
}

void Supervisor::Parts::take_signals() {
    while (const auto number = signals.next()) {
        if (*number == SIGCHLD)
            reap();
        else if (*number == SIGHUP)
            applies.ask();
        else if (!ending)
            end(*number);
    }
}

void Supervisor::Parts::answer_admins() {
    for (const auto& asked : admin.serve()) {
        if (asked.request.command == AdminCommand::apply && !ending) {
            applies.ask(asked);
            continue;
        }
        AdminAnswer answer;
        if (asked.request.command == AdminCommand::status)
            answer.status = current_status();
        else
            answer.outcome = outcome(false, "the server is stopping");
        answer.done = true;
        admin.answer(asked.client, answer);
    }
}

SupervisorStatus Supervisor::Parts::current_status() const {
    SupervisorStatus now;
    now.pid = ::getpid();
    now.draining = static_cast<std::int64_t>(draining.size());
    now.quarantined = quarantine.modules();
    if (serving) {
        now.generation = serving->generation;
        now.worker = serving->child.pid();
        now.on_probation = serving->probation.has_value();
        now.serving = serving->description;
    }
    return now;
}

// Without a worker that serves it stays silent, so that a manager who watches it starts it anew.
void Supervisor::Parts::tell_manager() {
    if (!ever_ready || ending)
        return;
    if (!applies.is_running())
        manager.ready(sentence_of_state());
    if (serving)
        manager.alive();
}

std::string Supervisor::Parts::sentence_of_state() const {
    if (!serving)
        return "the worker has ended and is being replaced";
    const auto serves = "generation " + std::to_string(serving->generation) + " serves";
    return refused_apply.empty() ? serves : serves + "; not applied: " + refused_apply;
}

void Supervisor::Parts::end(int number) {
    log.info("stopping", {{"signal", number}});
    ending = true;
    manager.stopping();
    if (serving)
        manager.extend(longest_drain(*serving));
    // With the worker's own gone as well, whoever comes now is refused at once and does not hang.
    listening.close();
    handover.reset();
    applies.dismiss(outcome(false, "the server is stopping"));
    retire(serving);
    retire(starting);
    retire(next);
}

void Supervisor::Parts::reap() {
    int wait_status = 0;
    for (pid_t pid = 0; (pid = ::waitpid(-1, &wait_status, WNOHANG)) > 0;)
        ended(pid, wait_status);
}

void Supervisor::Parts::ended(pid_t pid, int wait_status) {
    const auto is = [pid](const std::optional<Worker>& worker) {
        return worker && worker->child.pid() == pid;
    };
    crashes_untold |= WIFSIGNALED(wait_status);
    for (auto* worker : {&starting, &next})
        for (int turns = 0; *worker && turns < turns_for_last_words; ++turns)
            hear(*worker);  // The dead one's last words may still be on its channel.
    if (is(starting))
        start_died(starting, wait_status);
    else if (is(next))
        start_died(next, wait_status);
    else if (is(serving))
        serving_died(wait_status);
    else
        drained(pid, wait_status);
}

void Supervisor::Parts::enforce_deadlines() {
    for (auto* worker : {&starting, &next})
        if (*worker && is_late(**worker))
            enforce_readiness(**worker);
    for (auto& worker : draining)
        if (is_late(worker))
            kill(worker);
}

void Supervisor::Parts::enforce_readiness(Worker& worker) const {
    worker.overdue = "the worker was not ready within " +
                     std::to_string(worker.candidate.configuration->server.ready_seconds) +
                     " s; see its log, or raise server.ready_seconds in plugins.toml";
    kill(worker);
}

void Supervisor::Parts::kill(Worker& worker) const {
    log.warning("the generation is over its time and is killed",
                {{"generation", worker.generation}, {"pid", worker.child.pid()}});
    worker.deadline.reset();
    worker.child.signal(SIGKILL);
}

}  // namespace bulkhead::module
