#pragma once

#include "http/application.hpp"

namespace bulkhead::http {

struct ServerStatistics {
    std::int64_t connections = 0;  ///< open now
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;  ///< closed at once because http.connections was reached
};

/// Serves an application on listening sockets that somebody else opened (and will close): I/O
/// threads, each with its own io_context, all accepting from the same sockets.
class Server {
public:
    /// `io_threads` 0: one per core. Starts accepting at once.
    Server(const Options& options, Application& application, std::span<const int> listening,
           std::int32_t io_threads);
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
