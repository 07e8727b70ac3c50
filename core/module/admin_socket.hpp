#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <string>

namespace bulkhead::module {

constexpr const char* admin_socket_name = "admin.sock";

/// Its address through the open folder: a path of any length fits into the 108 bytes of one.
inline sockaddr_un admin_address(int folder) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto path = "/proc/self/fd/" + std::to_string(folder) + "/" + admin_socket_name;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    return address;
}

}  // namespace bulkhead::module
