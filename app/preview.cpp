#include "preview.hpp"

#include "log/log.hpp"
#include "module/child.hpp"
#include "module/signals.hpp"
#include "program.hpp"
#include "scratch.hpp"
#include "value/enum_name.hpp"
#include "value/write_all.hpp"

#include <bulkhead/json.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ranges>
#include <system_error>

namespace bulkhead::app {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t max_told_bytes = 64ULL * 1024 * 1024;

/// One line on the pipe; one member is set.
struct Told {
    std::optional<module::Stage> entered;
    std::optional<Preview> made;
    std::optional<std::string> refusal;

    static auto fields() {
        return shape(field("entered", &Told::entered), field("made", &Told::made),
                     field("refusal", &Told::refusal));
    }
};

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {
        if (number < 0)
            throw std::system_error(errno, std::generic_category(),
                                    "no process can be started to look at the modules");
    }
    ~Descriptor() { ::close(number_); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    operator int() const { return number_; }

private:
    int number_;
};

// The child.

void tell(int pipe, const Told& told) {
    value::write_all(pipe, json::text_of(told) + '\n');
}

Result<std::vector<module::PendingMigration>> pending_of(module::Generation& generation) {
    const auto sets = generation.migration_sets();
    if (auto done = db::check_migrations(generation.pool(), sets); !done)
        return done.error();
    const auto known = db::migration_status(generation.pool(), sets);
    if (!known)
        return known.error();
    std::vector<module::PendingMigration> pending;
    for (const auto& status : *known)
        if (status.state == db::MigrationState::pending)
            pending.push_back({status.module, status.name, status.migration_class});
    return pending;
}

Result<> look(module::Configuration configuration, const module::Terms& terms, int pipe) {
    const auto generation = module::Generation::create(
        std::move(configuration),
        {.migrate = module::Migrate::no,
         .terms = terms,
         .on_stage = [pipe](const module::Stage& stage) { tell(pipe, {stage, {}, {}}); }});
    if (!generation)
        return generation.error();
    tell(pipe, {module::Stage{module::Step::migrate, {}}, {}, {}});
    auto pending = pending_of(**generation);
    if (!pending)
        return pending.error();
    tell(pipe, {{}, Preview{module::describe(**generation), *std::move(pending)}, {}});
    return Done{};
}

[[noreturn]] void become_preview(module::Configuration configuration, const module::Terms& terms,
                                 int pipe) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    module::let_signals_through();
    // Standard output is the plan's alone.
    ::dup2(STDERR_FILENO, STDOUT_FILENO);
    log::start(LogLevel::error, log::Destination::standard_error);
    try {
        if (const auto done = look(std::move(configuration), terms, pipe); !done)
            tell(pipe, {{}, {}, sentence_of(done.error())});
    } catch (const std::exception& broken) {  // The border of the process.
        tell(pipe, {{}, {}, broken.what()});
    }
    ::_exit(0);
}

// The parent.

enum class End : std::uint8_t { ended, late, interrupted };

bool is_ready(const pollfd& watched) {
    return watched.revents != 0;
}

void take(int pipe, std::string& told) {
    char bytes[4 * 4096];
    ssize_t count = 0;
    while (told.size() < max_told_bytes && (count = ::read(pipe, bytes, sizeof bytes)) > 0)
        told.append(bytes, static_cast<std::size_t>(count));
}

int milliseconds_until(steady_clock::time_point end) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - steady_clock::now());
    return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

// Until the process ends: the pipe may stay open in a process that a module has started.
End listen(int pipe, int process, int signals, steady_clock::time_point end, std::string& told) {
    for (;;) {
        pollfd watched[] = {{signals, POLLIN, 0}, {process, POLLIN, 0}, {pipe, POLLIN, 0}};
        const int ready = ::poll(watched, std::size(watched), milliseconds_until(end));
        take(pipe, told);
        if (ready == 0)
            return End::late;
        if (ready > 0 && is_ready(watched[0]))
            return End::interrupted;
        if (ready > 0 && is_ready(watched[1]))
            return take(pipe, told), End::ended;
        if (ready > 0 && (watched[2].revents & POLLIN) == 0)
            pipe = -1;  // It has said all; poll() passes over a negative one.
    }
}

// What the child told last: a stage, or what it came to.
Told last_told(const std::string& text) {
    Told last;
    for (const auto line : std::views::split(text, '\n'))
        if (auto told = json::read<Told>(std::string_view(line.begin(), line.end())))
            last = *std::move(told);
    return last;
}

std::string place_of(const std::optional<module::Stage>& stage) {
    if (!stage)
        return "the look at the modules";
    const auto step = value::name_of(stage->step);
    return stage->module.empty() ? "step " + std::string(step)
                                 : "step " + std::string(step) + " of module " + stage->module;
}

Error no_preview(const Told& last, End end, int status, std::int32_t ready_seconds) {
    if (end == End::interrupted)
        return refusal("interrupted; nothing was changed");
    if (last.refusal)
        return refusal(*last.refusal);
    const auto remedy = last.entered && !last.entered->module.empty()
                            ? "; mend or disable the module"
                            : "; see what it printed";
    if (end == End::late)
        return Error(ErrorKind::timeout, "cli.refused",
                     place_of(last.entered) + " was not done within server.ready_seconds (" +
                         std::to_string(ready_seconds) + ")" + remedy);
    return refusal(place_of(last.entered) + " ended its process: " + module::ending_of(status) +
                   remedy);
}

}  // namespace

Result<Preview> preview(module::Configuration configuration, const module::Terms& terms) {
    const module::HeldSignals signals{SIGINT, SIGTERM, SIGHUP};
    const auto seconds = configuration.server.ready_seconds;
    const auto end = steady_clock::now() + std::chrono::seconds(seconds);
    const Scratch scratch(configuration.data_folder());
    configuration.scratch = scratch.path();

    int ends[2] = {-1, -1};
    [[maybe_unused]] const int made = ::pipe2(ends, O_CLOEXEC);
    const Descriptor pipe(ends[0]);
    ::fcntl(pipe, F_SETFL, O_NONBLOCK);
    const pid_t child = ::fork();
    if (child == 0)
        become_preview(std::move(configuration), terms, ends[1]);
    if (child > 0)
        ::setpgid(child, child);  // Whichever of the two comes first.
    ::close(ends[1]);
    const Descriptor process(child < 0 ? -1
                                       : static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));

    std::string told;
    const auto how = listen(pipe, process, signals.descriptor(), end, told);
    int status = 0;
    ::kill(-child, SIGKILL);  // With all that it has started.
    ::waitpid(child, &status, 0);
    auto last = last_told(told);
    if (last.made)
        return *std::move(last.made);
    return no_preview(last, how, status, seconds);
}

}  // namespace bulkhead::app
