#include "support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <system_error>

namespace {

struct Pipe {
    int read = -1;
    int write = -1;
    Pipe() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0)
            throw std::system_error(errno, std::generic_category(), "pipe2");
        read = ends[0], write = ends[1];
    }
};

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (const auto& text : texts)
        pointers.push_back(const_cast<char*>(text.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

// Not by the header of glibc 2.36, which forgets that C++ includes it.
int open_pidfd(pid_t pid) {
    return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

bool wait_for_end(int pidfd, std::chrono::milliseconds longest_wait) {
    pollfd watched{pidfd, POLLIN, 0};
    return ::poll(&watched, 1, static_cast<int>(longest_wait.count())) == 1;
}

// False once the other side has closed.
bool read_some(int from, std::string& into, std::mutex& mutex) {
    std::array<char, 4096> bytes;
    const auto count = ::read(from, bytes.data(), bytes.size());
    if (count > 0) {
        const std::lock_guard lock(mutex);
        into.append(bytes.data(), static_cast<std::size_t>(count));
    }
    return count > 0;
}

}  // namespace

Process::Process(const std::filesystem::path& program, std::vector<std::string> arguments,
                 const ProcessOptions& options)
    : patience_(options.patience) {
    arguments.insert(arguments.begin(), program.string());
    std::vector<std::string> environment;
    for (char** entry = environ; *entry != nullptr; ++entry)
        environment.emplace_back(*entry);
    for (const auto& [name, value] : options.environment)
        environment.emplace_back(name).append("=").append(value);
    const auto argument_pointers = pointers_to(arguments);
    const auto environment_pointers = pointers_to(environment);
    start(
        [&] {
            if (options.folder.empty() || ::chdir(options.folder.c_str()) == 0)
                ::execve(argument_pointers[0], argument_pointers.data(),
                         environment_pointers.data());
            ::_exit(127);
        },
        options.input);
}

Process::Process(const std::function<int()>& body) {
    std::cout.flush();  // What waits to be printed is not for the copy to print again.
    start([&] { std::exit(body()); }, {});
}

void Process::start(const std::function<void()>& become, const std::string& input) {
    const Pipe in, out, err;
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent || ::setpgid(0, 0) != 0)
            ::_exit(127);
        ::dup2(in.read, STDIN_FILENO);
        ::dup2(out.write, STDOUT_FILENO);
        ::dup2(err.write, STDERR_FILENO);
        for (const int descriptor : {in.write, in.read, out.read, out.write, err.read, err.write})
            ::close(descriptor);
        become();
    }
    ::setpgid(pid_, pid_);  // Whichever of the two comes first.
    end_ = open_pidfd(pid_);
    [[maybe_unused]] const auto count = ::write(in.write, input.data(), input.size());
    for (const int descriptor : {in.read, in.write, out.write, err.write})
        ::close(descriptor);
    collector_ =
        std::thread([this, output = out.read, errors = err.read] { collect(output, errors); });
}

Process::~Process() {
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    collector_.join();
    ::close(end_);
}

void Process::collect(int output, int errors) {
    std::array<pollfd, 2> watched{{{output, POLLIN, 0}, {errors, POLLIN, 0}}};
    while (watched[0].fd >= 0 || watched[1].fd >= 0) {
        ::poll(watched.data(), watched.size(), -1);
        for (auto& one : watched)
            if (one.revents != 0 &&
                !read_some(one.fd, one.fd == output ? output_ : errors_, mutex_))
                ::close(std::exchange(one.fd, -1));
        changed_.notify_all();
    }
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
}

void Process::signal(int number) const {
    ::kill(pid_, number);
}

std::string Process::wait_for_line(const std::string& text) {
    std::unique_lock lock(mutex_);
    std::string line;
    const auto next_line = [&] {
        for (auto end = output_.find('\n', seen_); end != std::string::npos;
             end = output_.find('\n', seen_)) {
            line = output_.substr(seen_, end - seen_);
            seen_ = end + 1;
            if (line.find(text) != std::string::npos)
                return true;
        }
        return false;
    };
    bool found = false;
    changed_.wait_for(lock, patience_, [&] { return (found = next_line()) || closed_; });
    if (!found)
        give_up("no further line with '" + text + "'");
    return line;
}

std::size_t Process::count_of(const std::string& text) const {
    const std::lock_guard lock(mutex_);
    std::size_t count = 0;
    for (auto at = output_.find(text); at != std::string::npos; at = output_.find(text, at + 1))
        ++count;
    return count;
}

std::string Process::output() const {
    const std::lock_guard lock(mutex_);
    return output_;
}

Ended Process::wait() {
    int status = 0;
    const bool ended = wait_for_end(end_, patience_);
    std::unique_lock lock(mutex_);
    if (!ended)
        give_up("it goes on");
    ::waitpid(pid_, &status, 0);
    if (!changed_.wait_for(lock, patience_, [this] { return closed_; }))
        give_up("somebody keeps its output open");
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), output_, errors_};
}

void Process::give_up(const std::string& what) const {
    throw std::runtime_error("process " + std::to_string(pid_) + ": " + what + "\n--- output\n" +
                             output_ + "--- errors\n" + errors_);
}

Ended run_to_end(const std::filesystem::path& program, std::vector<std::string> arguments,
                 const ProcessOptions& options) {
    return Process(program, std::move(arguments), options).wait();
}

bool ends(pid_t pid) {
    const int pidfd = open_pidfd(pid);
    if (pidfd < 0)
        return errno == ESRCH;
    const bool ended = wait_for_end(pidfd, ProcessOptions().patience);
    ::close(pidfd);
    return ended;
}

std::int64_t number_in(const std::string& line, const std::string& name) {
    const auto label = "\"" + name + "\":";
    const auto at = line.find(label);
    return at == std::string::npos ? 0
                                   : std::strtoll(line.c_str() + at + label.size(), nullptr, 10);
}
