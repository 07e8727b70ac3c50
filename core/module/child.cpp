#include "module/child.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace bulkhead::module {
namespace {

constexpr int first_inherited = 3;
constexpr std::size_t max_line_bytes = 4'096;

// Everything the new process needs, made before it exists: between fork and exec nothing may fail
// unseen.
struct Launch {
    std::vector<std::string> arguments;
    std::vector<int> inherited;  ///< become 3, 4, ...
    int ready = 0;               ///< what the pipe becomes
    pid_t parent = ::getpid();
};

Launch launch_for(const std::filesystem::path& program, const std::filesystem::path& config,
                  std::span<const int> listening, int ready, int text) {
    Launch launch;
    std::string list;
    int next = first_inherited;
    for ([[maybe_unused]] const int descriptor : listening)
        list.append(list.empty() ? "" : ",").append(std::to_string(next++));
    launch.ready = next;
    launch.arguments = {
        program, "worker",  "--config",           config,   "--listening",
        list,    "--ready", std::to_string(next), "--text", std::to_string(next + 1)};
    launch.inherited.assign(listening.begin(), listening.end());
    launch.inherited.insert(launch.inherited.end(), {ready, text});
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

void reset_signals() {
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
}

[[noreturn]] void become_worker(const Launch& launch) {
    std::vector<char*> arguments;
    for (const auto& argument : launch.arguments)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);

    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != launch.parent)
        ::_exit(1);  // The parent died before the kernel was told to watch it.
    reset_signals();
    if (move_descriptors(launch.inherited))
        ::execv(arguments[0], arguments.data());
    ::dprintf(launch.ready,
              "%s cannot be started: %s; put the program back or restart the service\n",
              arguments[0], std::strerror(errno));
    ::_exit(127);
}

// -1 with errno set when there is no memory for it.
int file_in_memory(const std::string& text) {
    const int descriptor = ::memfd_create("configuration", MFD_CLOEXEC);
    if (descriptor < 0 ||
        ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()))
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
                           std::span<const int> listening) {
    int ends[2] = {};
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return no_process();
    Child child(0, ends[0]);
    const int memory = file_in_memory(text);
    const auto launch = launch_for(program, config, listening, ends[1], memory);
    child.pid_ = memory < 0 ? -1 : ::fork();
    if (child.pid_ == 0)
        become_worker(launch);
    const auto failure = child.pid_ < 0 ? std::optional(no_process()) : std::nullopt;
    ::close(ends[1]);
    ::close(memory);
    if (failure)
        return *failure;
    return child;
}

Child::Child(Child&& other) noexcept
    : pid_(other.pid_),
      ready_descriptor_(std::exchange(other.ready_descriptor_, -1)),
      said_(std::move(other.said_)) {}

Child& Child::operator=(Child&& other) noexcept {
    close();
    pid_ = other.pid_;
    ready_descriptor_ = std::exchange(other.ready_descriptor_, -1);
    said_ = std::move(other.said_);
    return *this;
}

Child::~Child() {
    close();
}

void Child::close() {
    if (ready_descriptor_ >= 0)
        ::close(std::exchange(ready_descriptor_, -1));
}

void Child::signal(int number) const {
    ::kill(pid_, number);
}

std::optional<std::string> Child::read_line() {
    char bytes[512];
    ssize_t count = 0;
    while (ready_descriptor_ >= 0 && (count = ::read(ready_descriptor_, bytes, sizeof bytes)) > 0) {
        said_.append(bytes, static_cast<std::size_t>(count));
        if (said_.size() > max_line_bytes)
            said_.resize(max_line_bytes), said_.push_back('\n');
    }
    const auto end = said_.find('\n');
    const bool ended = count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR);
    if (end == std::string::npos && !ended)
        return std::nullopt;
    close();
    return said_.substr(0, end);
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
