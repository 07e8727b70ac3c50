#include "module/supervisor.hpp"

#include "module/announce.hpp"
#include "module/backoff.hpp"
#include "module/child.hpp"
#include "module/signals.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <utility>

namespace bulkhead::module {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t max_draining = 2;         // Beyond, the next generation waits.
constexpr std::chrono::seconds drain_grace{5};  // To unload, once its drain limit has passed.

using Settings = std::shared_ptr<const Configuration>;

struct Worker {
    Child child;
    std::int64_t generation;
    Settings settings;
    Clock::time_point since = Clock::now();     ///< it was started; later: it became ready
    std::optional<Clock::time_point> deadline;  ///< it is killed then
    std::string refusal;                        ///< why it will not become ready
};

bool is(const std::optional<Worker>& worker, pid_t pid) {
    return worker && worker->child.pid() == pid;
}

bool late(const Worker& worker) {
    return worker.deadline && *worker.deadline <= Clock::now();
}

}  // namespace

struct Supervisor::Parts {
    Settings accepted;  ///< what last became ready; a replacement starts with it, whatever the
                        ///< file says by then
    std::filesystem::path file;
    std::filesystem::path program;
    std::vector<int> listening;
    HeldSignals signals{SIGTERM, SIGINT, SIGHUP, SIGCHLD};
    Log log{"supervisor"};
    Backoff backoff;

    std::int64_t generations = 0;
    std::optional<Worker> starting;
    std::optional<Worker> serving;
    std::vector<Worker> draining;
    std::optional<Clock::time_point> start_due = Clock::now();
    bool reload_wanted = false;
    bool ever_ready = false;
    bool ending = false;
    int status = 0;

    bool finished() const { return ending && draining.empty(); }
    void start_what_is_due();
    void start_generation(Settings settings);
    Settings load_next_configuration();
    void wait();
    std::optional<Clock::time_point> next_deadline() const;
    void hear_readiness();
    void promote();
    void retire(std::optional<Worker>& worker);
    void take_signals();
    void want_reload();
    void end(int number);
    void reap();
    void ended(pid_t pid, int wait_status);
    void start_failed(const std::string& reason);
    void serving_died(int wait_status);
    void drained(pid_t pid, int wait_status);
    void enforce_deadlines();
    void kill(Worker& worker) const;
};

Supervisor::Supervisor(Configuration configuration, const std::filesystem::path& file,
                       std::vector<int> listening, const std::filesystem::path& program)
    : parts_(std::make_unique<Parts>()) {
    parts_->accepted = std::make_shared<const Configuration>(std::move(configuration));
    parts_->file = std::filesystem::absolute(file);
    parts_->program = program.empty() ? running_program() : program;
    parts_->listening = std::move(listening);
}

Supervisor::~Supervisor() {
    for (const int descriptor : parts_->listening)
        ::close(descriptor);
}

int Supervisor::run() {
    log_listening(parts_->log, parts_->listening);
    while (!parts_->finished()) {
        parts_->start_what_is_due();
        parts_->wait();
        parts_->hear_readiness();
        parts_->take_signals();
        parts_->enforce_deadlines();
    }
    parts_->log.info("stopped", {{"status", parts_->status}});
    return parts_->status;
}

void Supervisor::Parts::start_what_is_due() {
    if (ending || starting)
        return;
    if (reload_wanted && draining.size() < max_draining) {
        reload_wanted = false;
        if (auto next = load_next_configuration())
            start_generation(std::move(next));
    } else if (start_due && Clock::now() >= *start_due) {
        start_generation(accepted);
    }
}

// Null when it is refused.
Settings Supervisor::Parts::load_next_configuration() {
    auto next = load_configuration(file);
    if (!next) {
        log.error("the next configuration is refused; the running one goes on",
                  {{"reason", next.error().message}});
        return nullptr;
    }
    const auto listen = accepted->server.listen;
    if (next->server.listen != listen)
        log.warning("server.listen has changed; restart the server to apply it",
                    {{"running", listen}, {"wanted", next->server.listen}});
    next->server.listen = listen;
    return std::make_shared<const Configuration>(*std::move(next));
}

void Supervisor::Parts::start_generation(Settings settings) {
    start_due.reset();
    auto child = Child::start(program, file, settings->document->text(), listening);
    if (!child)
        return start_failed(child.error().message);
    starting.emplace(Worker{*std::move(child), ++generations, std::move(settings), {}, {}, {}});
    starting->since = Clock::now();
    starting->deadline =
        starting->since + std::chrono::seconds(starting->settings->server.ready_seconds);
    log.info("generation starting",
             {{"generation", starting->generation}, {"pid", starting->child.pid()}});
}

void Supervisor::Parts::wait() {
    std::array<pollfd, 2> watched{
        {{signals.descriptor(), POLLIN, 0},
         {starting ? starting->child.ready_descriptor() : -1, POLLIN, 0}}};
    auto milliseconds = std::chrono::milliseconds(-1);
    if (const auto deadline = next_deadline())
        milliseconds =
            std::max(std::chrono::milliseconds(0),
                     std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now()));
    if (!finished())
        ::poll(watched.data(), watched.size(), static_cast<int>(milliseconds.count()));
}

std::optional<Clock::time_point> Supervisor::Parts::next_deadline() const {
    std::optional<Clock::time_point> next = ending || starting ? std::nullopt : start_due;
    const auto consider = [&](const std::optional<Clock::time_point>& deadline) {
        if (deadline && (!next || *deadline < *next))
            next = deadline;
    };
    if (starting)
        consider(starting->deadline);
    for (const auto& worker : draining)
        consider(worker.deadline);
    return next;
}

void Supervisor::Parts::hear_readiness() {
    if (!starting || starting->child.ready_descriptor() < 0)
        return;
    const auto line = starting->child.read_line();
    if (line == "ready")
        promote();
    else if (line && starting->refusal.empty())
        starting->refusal = *line;
}

void Supervisor::Parts::promote() {
    retire(serving);
    serving = std::exchange(starting, std::nullopt);
    accepted = serving->settings;
    start_due.reset();
    const auto now = Clock::now();
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(now - serving->since);
    serving->since = now;
    serving->deadline.reset();
    log.info("generation ready", {{"generation", serving->generation},
                                  {"pid", serving->child.pid()},
                                  {"milliseconds", took.count()}});
    if (!std::exchange(ever_ready, true))
        greet(listening, file);
}

void Supervisor::Parts::retire(std::optional<Worker>& worker) {
    if (!worker)
        return;
    log.info("generation draining",
             {{"generation", worker->generation}, {"pid", worker->child.pid()}});
    worker->child.signal(SIGTERM);
    worker->deadline =
        Clock::now() + drain_grace + std::chrono::seconds(worker->settings->server.drain_seconds);
    draining.push_back(*std::exchange(worker, std::nullopt));
}

void Supervisor::Parts::take_signals() {
    while (const auto number = signals.next()) {
        if (*number == SIGCHLD)
            reap();
        else if (*number == SIGHUP)
            want_reload();
        else if (!ending)
            end(*number);
    }
}

void Supervisor::Parts::want_reload() {
    reload_wanted = true;
    if (draining.size() >= max_draining)
        log.info("the reload waits until a draining generation has ended",
                 {{"draining", draining.size()}});
}

void Supervisor::Parts::end(int number) {
    log.info("stopping", {{"signal", number}});
    ending = true;
    // With the worker's own gone as well, whoever comes now is refused at once and does not hang.
    for (const int descriptor : std::exchange(listening, {}))
        ::close(descriptor);
    retire(serving);
    retire(starting);
}

void Supervisor::Parts::reap() {
    int wait_status = 0;
    for (pid_t pid = 0; (pid = ::waitpid(-1, &wait_status, WNOHANG)) > 0;)
        ended(pid, wait_status);
}

void Supervisor::Parts::ended(pid_t pid, int wait_status) {
    hear_readiness();  // The dead one's last words may still be in the pipe.
    if (is(starting, pid))
        start_failed(starting->refusal.empty()
                         ? "the worker ended before it was ready: " + ending_of(wait_status)
                         : std::string(starting->refusal));
    else if (is(serving, pid))
        serving_died(wait_status);
    else
        drained(pid, wait_status);
}

void Supervisor::Parts::start_failed(const std::string& reason) {
    starting.reset();
    if (serving)
        return log.error("the next generation failed; the running one goes on",
                         {{"generation", generations}, {"reason", reason}});
    log.error("the generation failed", {{"generation", generations}, {"reason", reason}});
    if (ever_ready) {
        start_due = Clock::now() + backoff.pause_after(Clock::duration::zero());
        return;
    }
    complain(reason);
    status = 1;
    ending = true;
}

void Supervisor::Parts::serving_died(int wait_status) {
    const auto now = Clock::now();
    const auto pause = backoff.pause_after(now - serving->since);
    log.error("the worker died and will be replaced", {{"generation", serving->generation},
                                                       {"pid", serving->child.pid()},
                                                       {"ending", ending_of(wait_status)},
                                                       {"pause_milliseconds", pause.count()}});
    serving.reset();
    start_due = now + pause;
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

void Supervisor::Parts::enforce_deadlines() {
    if (starting && late(*starting)) {
        if (starting->refusal.empty())
            starting->refusal = "the worker was not ready within " +
                                std::to_string(starting->settings->server.ready_seconds) +
                                " s; see its log, or raise server.ready_seconds in plugins.toml";
        kill(*starting);
    }
    for (auto& worker : draining)
        if (late(worker))
            kill(worker);
}

void Supervisor::Parts::kill(Worker& worker) const {
    log.warning("the generation is over its time and is killed",
                {{"generation", worker.generation}, {"pid", worker.child.pid()}});
    worker.deadline.reset();
    worker.child.signal(SIGKILL);
}

}  // namespace bulkhead::module
