#pragma once
// Addresses of sockets, between plugins.toml and the kernel.

#include <bulkhead/result.hpp>

#include <sys/socket.h>

#include <filesystem>

namespace bulkhead::module {

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = sizeof(sockaddr_storage);

    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
    sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

/// Of "127.0.0.1:8080" or "[::1]:0"; anything else is refused with a sentence that names the key of
/// plugins.toml it stands in.
Result<SocketAddress> tcp_address(std::string_view key, std::string_view text);

/// Of a socket in the file system (unix(7)); refused where the kernel would take no path as long.
Result<SocketAddress> unix_address(std::string_view key, const std::filesystem::path& path);

/// Where a socket listens, with the port that 0 became: "127.0.0.1:43121", "[::1]:80",
/// "unix:/run/bulkhead.sock".
std::string bound_address(int listening);

}  // namespace bulkhead::module
