#pragma once

#include "http/application.hpp"
#include "http/tls_context.hpp"

namespace bulkhead::http {

/// What is spoken on a listening socket.
enum class Role : std::uint8_t { plain, tls };
constexpr std::array<std::string_view, 2> names(Role) {
    return {"plain", "tls"};
}

/// A listening socket, TCP or Unix, that somebody else opened and will close.
struct Listening {
    int descriptor;
    Role role = Role::plain;
};

struct ServerStatistics {
    std::int64_t connections = 0;  ///< open now
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;        ///< closed at once because http.connections was reached
    std::int64_t buffered_bytes = 0;  ///< held for clients: what they send, and replies not taken
};

/// Serves an application on listening sockets: I/O threads, each with its own io_context, all
/// accepting from the same sockets.
class Server {
public:
    /// `io_threads` 0: one per core. Starts accepting at once. Throws std::invalid_argument where a
    /// socket of Role::tls comes without `tls`.
    Server(const Options& options, Application& application, std::span<const Listening> listening,
           std::int32_t io_threads, std::shared_ptr<const TlsContext> tls = nullptr);
    ~Server();  ///< closes what is still open

    /// Stops accepting, lets requests in flight finish, says `Connection: close` on their replies,
    /// ends idle connections. True when none was left within `limit`. `when_closed`: called once
    /// nothing is accepted any more.
    bool drain(std::chrono::milliseconds limit, const std::function<void()>& when_closed = [] {});

    ServerStatistics statistics() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace bulkhead::http
