#include "module/supervisor.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace bulkhead::module {
namespace {

// As many as the kernel grants (net.core.somaxconn): clients wait here while a worker is replaced.
constexpr int backlog = 4'096;

struct Address {
    sockaddr_storage storage{};
    socklen_t size = 0;

    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
    sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

Error malformed(std::string_view listen, const std::string& found) {
    return Error::invalid("server.listen_malformed",
                          "server.listen is \"" + std::string(listen) + "\": " + found +
                              "; write a numeric address and a port, such as 127.0.0.1:8080 or "
                              "[::1]:8080");
}

std::optional<std::uint16_t> port_from(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole ? std::optional(port) : std::nullopt;
}

Address address_v4(const in_addr& host, std::uint16_t port) {
    Address made;
    auto& v4 = reinterpret_cast<sockaddr_in&>(made.storage);
    v4.sin_family = AF_INET;
    v4.sin_addr = host;
    v4.sin_port = htons(port);
    made.size = sizeof v4;
    return made;
}

Address address_v6(const in6_addr& host, std::uint16_t port) {
    Address made;
    auto& v6 = reinterpret_cast<sockaddr_in6&>(made.storage);
    v6.sin6_family = AF_INET6;
    v6.sin6_addr = host;
    v6.sin6_port = htons(port);
    made.size = sizeof v6;
    return made;
}

Result<Address> address_from(std::string_view listen) {
    const auto colon = listen.rfind(':');
    if (colon == std::string_view::npos || colon == 0)
        return malformed(listen, "the address or the port is missing");
    const auto port = port_from(listen.substr(colon + 1));
    if (!port)
        return malformed(listen, "the port must be a number from 0 to 65535");

    std::string host(listen.substr(0, colon));
    if (in_addr v4{}; inet_pton(AF_INET, host.c_str(), &v4) == 1)
        return address_v4(v4, *port);
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
        if (in6_addr v6{}; inet_pton(AF_INET6, host.c_str(), &v6) == 1)
            return address_v6(v6, *port);
    }
    return malformed(listen, "\"" + std::string(listen.substr(0, colon)) +
                                 "\" is neither an IPv4 address nor an IPv6 address in brackets");
}

std::string why(int error, const std::string& listen) {
    switch (error) {
        case EADDRINUSE:
            return listen +
                   " is in use by another process; stop it or set server.listen in "
                   "plugins.toml";
        case EADDRNOTAVAIL:
            return listen +
                   " is no address of this machine; set server.listen in plugins.toml to "
                   "one of its own, or to 0.0.0.0 for all of them";
        case EACCES:
            return listen +
                   " is a privileged port and this user may not open it; set server.listen "
                   "in plugins.toml to a port from 1024 on, or grant CAP_NET_BIND_SERVICE";
        case EAFNOSUPPORT:
            return listen +
                   " needs IPv6, which this machine lacks; set server.listen in "
                   "plugins.toml to an IPv4 address";
        default:
            return listen + " cannot be listened on: " + std::strerror(error) +
                   "; check server.listen in plugins.toml";
    }
}

bool open_on(int descriptor, const Address& address) {
    const int on = 1;
    return ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
           ::bind(descriptor, address.get(), address.size) == 0 &&
           ::listen(descriptor, backlog) == 0;
}

}  // namespace

Result<> check_listen_address(std::string_view listen) {
    const auto address = address_from(listen);
    if (!address)
        return address.error();
    return Done{};
}

Result<std::vector<int>> open_listeners(std::string_view listen) {
    const auto address = address_from(listen);
    if (!address)
        return address.error();
    const int descriptor = ::socket(address->storage.ss_family,
                                    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (descriptor >= 0 && open_on(descriptor, *address))
        return std::vector<int>{descriptor};

    const int error = errno;
    if (descriptor >= 0)
        ::close(descriptor);
    return Error::unavailable("server.listen_refused", why(error, std::string(listen)));
}

std::string bound_address(int listening) {
    Address address;
    address.size = sizeof address.storage;
    if (::getsockname(listening, address.get(), &address.size) != 0)
        return "unknown";
    char host[INET6_ADDRSTRLEN] = {};
    if (address.storage.ss_family == AF_INET6) {
        const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address.storage);
        ::inet_ntop(AF_INET6, &v6.sin6_addr, host, sizeof host);
        return "[" + std::string(host) + "]:" + std::to_string(ntohs(v6.sin6_port));
    }
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address.storage);
    ::inet_ntop(AF_INET, &v4.sin_addr, host, sizeof host);
    return std::string(host) + ":" + std::to_string(ntohs(v4.sin_port));
}

}  // namespace bulkhead::module
