#include "module/signals.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace bulkhead::module {

HeldSignals::HeldSignals(std::initializer_list<int> numbers) {
    sigset_t set;
    ::sigemptyset(&set);
    for (const int number : numbers)
        ::sigaddset(&set, number), ::signal(number, SIG_DFL);  // Whatever a shell left ignored.
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    descriptor_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (descriptor_ < 0)
        throw std::system_error(errno, std::generic_category(), "signals cannot be received");
}

HeldSignals::~HeldSignals() {
    ::close(descriptor_);
}

std::optional<int> HeldSignals::next() const {
    signalfd_siginfo info{};
    if (::read(descriptor_, &info, sizeof info) != sizeof info)
        return std::nullopt;
    return static_cast<int>(info.ssi_signo);
}

int HeldSignals::wait() const {
    for (;;) {
        if (const auto number = next())
            return *number;
        pollfd waiting{descriptor_, POLLIN, 0};
        ::poll(&waiting, 1, -1);
    }
}

void let_signals_through() {
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
}

}  // namespace bulkhead::module
