#pragma once

#include "module/admin_messages.hpp"
#include "module/data_lock.hpp"
#include "module/line_channel.hpp"

#include <poll.h>

#include <chrono>
#include <map>

namespace bulkhead::module {

/// Connections at once; beyond, the oldest one that has not asked anything yet makes room.
constexpr std::size_t max_admin_clients = 16;
constexpr std::size_t max_admin_request_bytes = 4'096;
/// From connecting to the whole request, and from the last answer to its having been read.
constexpr std::chrono::seconds admin_patience{5};

/// The supervisor's end of server.data/admin.sock. Nobody but this user and root is heard, and
/// nobody is waited for. One thread.
class AdminServer {
public:
    using Clock = std::chrono::steady_clock;
    using Client = std::uint64_t;
    struct Asked {
        Client client;
        AdminRequest request;
    };

    /// Replaces the socket of a server that has ended, which the lock proves. Refused with a
    /// sentence where there is something else in its place, or it cannot be made.
    static Result<AdminServer> open(DataLock lock);
    AdminServer(AdminServer&& other) noexcept;
    AdminServer& operator=(AdminServer&&) = delete;
    ~AdminServer();  ///< removes the socket

    /// Adds what is to be polled for.
    void watch(std::vector<pollfd>& watched) const;
    std::optional<Clock::time_point> deadline() const;
    /// Accepts, reads, writes and drops what is due; what was asked since.
    std::vector<Asked> serve();
    /// After an answer that is `done` the connection ends. Nothing for a client that has gone.
    void answer(Client client, const AdminAnswer& answer);

private:
    struct Connection {
        LineChannel channel;
        std::optional<Clock::time_point> deadline;  ///< empty: it waits for us
        bool has_asked = false;
        bool answered = false;
    };

    AdminServer(DataLock lock, int listening) : lock_(std::move(lock)), listening_(listening) {}
    void accept();
    void make_room();
    std::optional<AdminRequest> hear(Client client, Connection& connection);
    bool is_over(const Connection& connection) const;

    DataLock lock_;
    int listening_;
    Client last_client_ = 0;
    std::map<Client, Connection> connections_;
};

}  // namespace bulkhead::module
