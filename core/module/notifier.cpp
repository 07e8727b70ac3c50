#include "module/notifier.hpp"

#include "module/activation.hpp"

#include <bulkhead/log.hpp>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstring>

namespace bulkhead::module {
namespace {

// A manager that does not read must not hold the supervisor up.
constexpr timeval longest_send{.tv_sec = 1, .tv_usec = 0};

std::int64_t number_in(const std::string& text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// WATCHDOG_PID may be absent: then the time is for whoever finds it.
std::chrono::microseconds watchdog() {
    const auto microseconds = number_in(take_variable("WATCHDOG_USEC").value_or(""));
    const auto process = take_variable("WATCHDOG_PID");
    const bool ours = !process || number_in(*process) == ::getpid();
    return std::chrono::microseconds(ours ? std::max<std::int64_t>(microseconds, 0) : 0);
}

int datagram_socket() {
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &longest_send, sizeof longest_send);
    return socket;
}

// A path, or an abstract name after an at sign.
bool is_address(const std::string& address) {
    return address.size() > 1 && address.size() < sizeof(sockaddr_un::sun_path) &&
           (address.front() == '/' || address.front() == '@');
}

// RELOADING=1 is matched against the manager's own request by this time.
std::string monotonic_usec() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

}  // namespace

Notifier::Notifier()
    : address_(take_variable("NOTIFY_SOCKET").value_or("")), between_(watchdog() / 2) {
    if (address_.empty())
        return;
    if (!is_address(address_)) {
        Log("supervisor")
            .warning("NOTIFY_SOCKET is no path and no abstract name; it is not used",
                     {{"found", address_}});
        return;
    }
    if (address_.front() == '@')
        address_.front() = '\0';
    socket_ = datagram_socket();
    if (between_.count() > 0)
        watched_until_ = Clock::now();
}

Notifier::~Notifier() {
    if (socket_ >= 0)
        ::close(socket_);
}

void Notifier::send(const std::string& message) const {
    if (socket_ < 0)
        return;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    address_.copy(address.sun_path, sizeof address.sun_path - 1);
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    if (::sendto(socket_, message.data(), message.size(), MSG_NOSIGNAL, generic, size) < 0)
        Log("supervisor")
            .warning("the service manager cannot be told",
                     {{"notification", message}, {"detail", std::strerror(errno)}});
}

void Notifier::ready(const std::string& status) {
    if (ready_ && status == told_)
        return;
    send((ready_ ? "" : "READY=1\n") + ("STATUS=" + status));
    ready_ = true;
    told_ = status;
}

void Notifier::reloading() {
    send("RELOADING=1\nMONOTONIC_USEC=" + monotonic_usec());
    ready_ = false;
}

void Notifier::extend(std::chrono::seconds patience) {
    send("EXTEND_TIMEOUT_USEC=" +
         std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(patience).count()));
}

void Notifier::stopping() {
    send("STOPPING=1\nSTATUS=stopping");
    watched_until_.reset();
}

void Notifier::alive() {
    if (!watched_until_ || Clock::now() < *watched_until_)
        return;
    send("WATCHDOG=1");
    watched_until_ = Clock::now() + between_;
}

}  // namespace bulkhead::module
