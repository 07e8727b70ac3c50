#include "module/socket_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>

namespace bulkhead::module {
namespace {

// The last byte of the field is for the NUL.
constexpr std::size_t max_path_bytes = sizeof(sockaddr_un::sun_path) - 1;

Error malformed(std::string_view key, std::string_view text, const std::string& found) {
    return Error::invalid("server.listen_malformed",
                          std::string(key) + " is \"" + std::string(text) + "\": " + found +
                              "; write a numeric address and a port, such as 127.0.0.1:8080 or "
                              "[::1]:8080");
}

std::optional<std::uint16_t> port_from(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole ? std::optional(port) : std::nullopt;
}

SocketAddress address_v4(const in_addr& host, std::uint16_t port) {
    SocketAddress made;
    auto& v4 = reinterpret_cast<sockaddr_in&>(made.storage);
    v4.sin_family = AF_INET;
    v4.sin_addr = host;
    v4.sin_port = htons(port);
    made.size = sizeof v4;
    return made;
}

SocketAddress address_v6(const in6_addr& host, std::uint16_t port) {
    SocketAddress made;
    auto& v6 = reinterpret_cast<sockaddr_in6&>(made.storage);
    v6.sin6_family = AF_INET6;
    v6.sin6_addr = host;
    v6.sin6_port = htons(port);
    made.size = sizeof v6;
    return made;
}

std::string text_of_v4(const sockaddr_storage& storage) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(storage);
    char host[INET_ADDRSTRLEN] = {};
    ::inet_ntop(AF_INET, &v4.sin_addr, host, sizeof host);
    return std::string(host) + ":" + std::to_string(ntohs(v4.sin_port));
}

std::string text_of_v6(const sockaddr_storage& storage) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(storage);
    char host[INET6_ADDRSTRLEN] = {};
    ::inet_ntop(AF_INET6, &v6.sin6_addr, host, sizeof host);
    return "[" + std::string(host) + "]:" + std::to_string(ntohs(v6.sin6_port));
}

std::string text_of_unix(const SocketAddress& address) {
    const auto& local = reinterpret_cast<const sockaddr_un&>(address.storage);
    const auto bytes = address.size - offsetof(sockaddr_un, sun_path);
    std::string path(local.sun_path, std::min<std::size_t>(bytes, sizeof local.sun_path));
    if (path.starts_with('\0'))  // An abstract name, which only a service manager hands over.
        return "unix:@" + path.substr(1);
    return "unix:" + path.substr(0, path.find('\0'));
}

}  // namespace

Result<SocketAddress> tcp_address(std::string_view key, std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0)
        return malformed(key, text, "the address or the port is missing");
    const auto port = port_from(text.substr(colon + 1));
    if (!port)
        return malformed(key, text, "the port must be a number from 0 to 65535");

    std::string host(text.substr(0, colon));
    if (in_addr v4{}; inet_pton(AF_INET, host.c_str(), &v4) == 1)
        return address_v4(v4, *port);
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
        if (in6_addr v6{}; inet_pton(AF_INET6, host.c_str(), &v6) == 1)
            return address_v6(v6, *port);
    }
    return malformed(key, text,
                     "\"" + std::string(text.substr(0, colon)) +
                         "\" is neither an IPv4 address nor an IPv6 address in brackets");
}

Result<SocketAddress> unix_address(std::string_view key, const std::filesystem::path& path) {
    const auto& text = path.native();
    if (text.size() > max_path_bytes)
        return Error::invalid("server.listen_malformed",
                              std::string(key) + " is " + text + ", " +
                                  std::to_string(text.size()) +
                                  " bytes, and a Unix socket's path has at most " +
                                  std::to_string(max_path_bytes) + "; name a shorter one");
    SocketAddress made;
    auto& local = reinterpret_cast<sockaddr_un&>(made.storage);
    local.sun_family = AF_UNIX;
    text.copy(local.sun_path, max_path_bytes);
    made.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + text.size() + 1);
    return made;
}

std::string bound_address(int listening) {
    SocketAddress address;
    if (::getsockname(listening, address.get(), &address.size) != 0)
        return "unknown";
    switch (address.storage.ss_family) {
        case AF_INET:
            return text_of_v4(address.storage);
        case AF_INET6:
            return text_of_v6(address.storage);
        case AF_UNIX:
            return text_of_unix(address);
        default:
            return "unknown";
    }
}

}  // namespace bulkhead::module
