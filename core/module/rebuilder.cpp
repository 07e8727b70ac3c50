#include "module/rebuilder.hpp"

#include "module/announce.hpp"
#include "module/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>

namespace bulkhead::module {
namespace {

// An editor writes several files, and one file several times, in one go.
constexpr std::chrono::milliseconds quiet{100};
constexpr std::chrono::milliseconds longest_wait{1'000};

[[noreturn]] void become_build(const std::string& command, const std::filesystem::path& folder) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    ::setpgid(0, 0);
    let_signals_through();
    ::dup2(::open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
    ::dup2(STDERR_FILENO, STDOUT_FILENO);
    if (::chdir(folder.c_str()) == 0)
        ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    ::_exit(127);
}

std::string seconds_since(std::chrono::steady_clock::time_point start) {
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f s", seconds.count());
    return text.data();
}

}  // namespace

Rebuilder::Rebuilder(FolderWatch watch, RebuildSteps steps)
    : watch_(std::move(watch)),
      steps_(std::move(steps)),
      signals_{SIGTERM, SIGINT, SIGHUP, SIGCHLD} {}

Rebuilder::~Rebuilder() {
    if (build_ != 0)
        ::kill(-build_, SIGTERM);
}

void Rebuilder::run() {
    complain("watching " + watch_.folder().string() + "; what is saved there is built by `" +
             steps_.build + "` and applied");
    while (!ending_) {
        start_what_is_due();
        wait();
        take_changes();
        take_signals();
    }
}

void Rebuilder::start_what_is_due() {
    if (build_ != 0 || !first_change_ || Clock::now() < due_)
        return;
    first_change_.reset();
    build_started_ = Clock::now();
    build_ = ::fork();
    if (build_ == 0)
        become_build(steps_.build, watch_.folder());
    if (build_ > 0) {
        ::setpgid(build_, build_);  // Whichever of the two comes first.
        return;
    }
    build_ = 0;
    complain("no process can be had for the build; free memory and save a file again");
}

void Rebuilder::wait() const {
    std::array<pollfd, 2> watched{
        {{signals_.descriptor(), POLLIN, 0}, {watch_.descriptor(), POLLIN, 0}}};
    auto milliseconds = std::chrono::milliseconds(-1);
    if (build_ == 0 && first_change_)
        milliseconds = std::max(std::chrono::milliseconds(0),
                                std::chrono::ceil<std::chrono::milliseconds>(due_ - Clock::now()));
    ::poll(watched.data(), watched.size(), static_cast<int>(milliseconds.count()));
}

void Rebuilder::take_changes() {
    const auto changed = watch_.take_change();
    if (!changed)
        return;
    const auto now = Clock::now();
    if (!first_change_) {
        first_change_ = now;
        complain(changed->lexically_relative(watch_.folder()).string() +
                 (build_ == 0 ? " was saved: building"
                              : " was saved during the build: building once more"));
    }
    due_ = std::min(now + quiet, *first_change_ + longest_wait);
}

void Rebuilder::take_signals() {
    while (const auto number = signals_.next()) {
        if (*number == SIGCHLD)
            take_end_of_build();
        else if (*number != SIGHUP)
            ending_ = true;
    }
}

void Rebuilder::take_end_of_build() {
    int wait_status = 0;
    if (build_ == 0 || ::waitpid(build_, &wait_status, WNOHANG) != build_)
        return;
    build_ = 0;
    build_ended(wait_status);
}

void Rebuilder::build_ended(int wait_status) {
    if (!WIFEXITED(wait_status) || WEXITSTATUS(wait_status) != 0)
        return complain("the build failed (" + ending_of(wait_status) +
                        "); what runs goes on unchanged until a build succeeds");
    complain("built in " + seconds_since(build_started_));
    // The next build is about to write the same files.
    if (!first_change_)
        steps_.deliver();
}

}  // namespace bulkhead::module
