#include "module/child.hpp"

#include "log/lines.hpp"
#include "module/messages.hpp"
#include "module/signals.hpp"
#include "value/write_all.hpp"

#include <bulkhead/json.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

namespace bulkhead::module {
namespace {

constexpr int first_inherited = 3;

// Everything the new process needs, made before it exists: between fork and exec nothing may fail
// unseen.
struct Launch {
    std::vector<std::string> arguments;
    std::vector<int> inherited;  ///< become 3, 4, ...
    int control = 0;             ///< what the channel becomes
    std::string not_started;     ///< a refusal as JSON, but for its end
};

// A worker of a version before this one knows the first of them.
constexpr std::array<std::pair<http::Role, const char*>, 2> options_of_roles{
    {{http::Role::plain, "--listening"}, {http::Role::tls, "--tls"}}};

void add_sockets(Launch& launch, std::span<const http::Listening> listening, http::Role role,
                 const char* option) {
    std::string list;
    for (const auto& socket : listening) {
        if (socket.role != role)
            continue;
        const auto target = first_inherited + static_cast<int>(launch.inherited.size());
        list.append(list.empty() ? "" : ",").append(std::to_string(target));
        launch.inherited.push_back(socket.descriptor);
    }
    if (!list.empty())
        launch.arguments.insert(launch.arguments.end(), {option, list});
}

Launch launch_for(const std::filesystem::path& program, const std::filesystem::path& config,
                  std::span<const http::Listening> listening, int control, int text) {
    Launch launch;
    launch.arguments = {program, "worker", "--config", config};
    for (const auto& [role, option] : options_of_roles)
        add_sockets(launch, listening, role, option);
    const auto next = first_inherited + static_cast<int>(launch.inherited.size());
    launch.control = next;
    launch.not_started = R"({"refusal":)";
    json::write_text(launch.not_started, program.string());
    launch.not_started.pop_back();
    launch.arguments.insert(launch.arguments.end(), {"--control", std::to_string(next), "--text",
                                                     std::to_string(next + 1)});
    launch.inherited.insert(launch.inherited.end(), {control, text});
    return launch;
}

// Returns false with errno set. First above the targets, then down: no source may be overwritten
// before its turn.
bool move_descriptors(const std::vector<int>& inherited) {
    const int end = first_inherited + static_cast<int>(inherited.size());
    std::vector<int> parked;
    for (const int descriptor : inherited)
        parked.push_back(::fcntl(descriptor, F_DUPFD, end));
    int target = first_inherited;
    for (const int descriptor : parked)
        if (descriptor < 0 || ::dup2(descriptor, target++) < 0)
            return false;
    return ::close_range(static_cast<unsigned>(end), ~0U, 0) == 0;
}

[[noreturn]] void become_worker(const Launch& launch) {
    std::vector<char*> arguments;
    for (const auto& argument : launch.arguments)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);

    let_signals_through();
    if (move_descriptors(launch.inherited))
        ::execv(arguments[0], arguments.data());
    ::dprintf(launch.control,
              "%s cannot be started: %s; put the program back or restart the service\"}\n",
              launch.not_started.c_str(), std::strerror(errno));
    ::_exit(127);
}

// Nothing of this may return to where the parent came from: its sockets' names are not this one's
// to remove.
[[noreturn]] void become_copy(std::vector<http::Listening> sockets, int control,
                              const Child::Work& work) noexcept {
    log::forget_lines();
    let_signals_through();
    std::vector<int> inherited;
    for (const auto& socket : sockets)
        inherited.push_back(socket.descriptor);
    inherited.push_back(control);
    if (!move_descriptors(inherited))
        ::_exit(1);
    int next = first_inherited;
    for (auto& socket : sockets)
        socket.descriptor = next++;
    std::exit(work(std::move(sockets), next));
}

// -1 with errno set when there is no memory for it.
int file_in_memory(const std::string& text) {
    const int descriptor = ::memfd_create("configuration", MFD_CLOEXEC);
    if (descriptor < 0 || value::write_all(descriptor, text))
        return descriptor;
    const int reason = errno;  // Closing may set another.
    ::close(descriptor);
    errno = reason;
    return -1;
}

Error no_process() {
    return Error::unavailable("server.no_process",
                              std::string("no worker can be started: ") + std::strerror(errno) +
                                  "; free memory or raise the limit of processes and open files");
}

}  // namespace

Result<Child> Child::start(const std::filesystem::path& program,
                           const std::filesystem::path& config, const std::string& text,
                           std::span<const http::Listening> listening,
                           std::string_view first_line) {
    const int memory = file_in_memory(text);
    if (memory < 0)
        return no_process();
    std::array<int, 2> ends{-1, -1};
    ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data());
    const auto launch = launch_for(program, config, listening, ends[1], memory);
    auto child = begin(ends, first_line, [&launch] { become_worker(launch); });
    ::close(memory);
    return child;
}

Result<Child> Child::copy(std::span<const http::Listening> listening, std::string_view first_line,
                          const Work& work) {
    std::array<int, 2> ends{-1, -1};
    ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data());
    return begin(ends, first_line,
                 [&] { become_copy({listening.begin(), listening.end()}, ends[1], work); });
}

// `ends`: those of the channel, or what socketpair() left of them with errno set.
Result<Child> Child::begin(std::array<int, 2> ends, std::string_view first_line,
                           const std::function<void()>& become) {
    const pid_t parent = ::getpid();
    const pid_t pid = ends[0] < 0 ? -1 : ::fork();
    if (pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent)
            ::_exit(1);  // The parent died before the kernel was told to watch it.
        become();
    }
    if (pid < 0) {
        auto failure = no_process();
        for (const int end : ends)
            ::close(end);
        return failure;
    }
    ::close(ends[1]);
    Child child(pid, LineChannel(ends[0], {max_message_bytes, max_message_bytes}));
    child.channel_.send(first_line);
    return child;
}

void Child::signal(int number) const {
    ::kill(pid_, number);
}

std::string ending_of(int wait_status) {
    if (WIFEXITED(wait_status))
        return "exit status " + std::to_string(WEXITSTATUS(wait_status));
    const int number = WTERMSIG(wait_status);
    return "signal " + std::to_string(number) + " (" + ::strsignal(number) + ")";
}

const std::filesystem::path& running_program() {
    static const auto path = std::filesystem::read_symlink("/proc/self/exe");
    return path;
}

}  // namespace bulkhead::module
