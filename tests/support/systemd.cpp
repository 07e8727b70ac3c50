#include "support/systemd.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

namespace {

constexpr int longest_wait_ms = 30'000;

std::string name_of(NotifySocket::Kind kind, const std::filesystem::path& folder) {
    const auto path = (folder / "notify").string();
    return kind == NotifySocket::Kind::path ? path : "@" + path;
}

}  // namespace

NotifySocket::NotifySocket(Kind kind)
    : address_(name_of(kind, folder_.path())),
      socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    address_.copy(address.sun_path, sizeof address.sun_path - 1);
    if (kind == Kind::abstract)
        address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
    if (::bind(socket_, reinterpret_cast<const sockaddr*>(&address), size) != 0)
        throw std::system_error(errno, std::generic_category(), address_);
}

NotifySocket::~NotifySocket() {
    ::close(socket_);
}

std::string NotifySocket::next() {
    pollfd watched{socket_, POLLIN, 0};
    if (::poll(&watched, 1, longest_wait_ms) != 1)
        throw std::runtime_error("nothing more is said on NOTIFY_SOCKET");
    std::array<char, 4'096> bytes;
    const auto count = ::recv(socket_, bytes.data(), bytes.size(), 0);
    return {bytes.data(), static_cast<std::size_t>(count)};
}

std::string NotifySocket::next_with(const std::string& text) {
    auto message = next();
    while (message.find(text) == std::string::npos)
        message = next();
    return message;
}

Variable::Variable(std::string name, const std::string& value) : name_(std::move(name)) {
    if (const char* const before = std::getenv(name_.c_str()))
        before_ = before;
    ::setenv(name_.c_str(), value.c_str(), 1);
}

Variable::~Variable() {
    if (before_)
        ::setenv(name_.c_str(), before_->c_str(), 1);
    else
        ::unsetenv(name_.c_str());
}
