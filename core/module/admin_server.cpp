#include "module/admin_server.hpp"

#include "module/admin_socket.hpp"

#include <bulkhead/json.hpp>
#include <bulkhead/log.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace bulkhead::module {
namespace {

Error no_socket(int reason) {
    return Error::unavailable("server.no_admin_socket",
                              std::string("admin.sock cannot be made in server.data (") +
                                  std::strerror(reason) +
                                  "); remove what lies in its place, or name another folder in "
                                  "server.data");
}

// A file that somebody else put there is not ours to remove.
bool remove_stale_socket(int folder) {
    struct stat found{};
    if (::fstatat(folder, admin_socket_name, &found, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT;
    if (!S_ISSOCK(found.st_mode))
        return errno = EEXIST, false;
    return ::unlinkat(folder, admin_socket_name, 0) == 0;
}

// The mode is set before there is a name to connect to.
bool bind_private(int listening, int folder) {
    const auto address = admin_address(folder);
    return ::fchmod(listening, 0600) == 0 && remove_stale_socket(folder) &&
           ::bind(listening, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
           ::listen(listening, static_cast<int>(max_admin_clients)) == 0;
}

bool may_ask(int connected) {
    ucred peer{};
    socklen_t size = sizeof peer;
    return ::getsockopt(connected, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
           (peer.uid == ::geteuid() || peer.uid == 0);
}

AdminAnswer not_understood(const std::string& why) {
    AdminAnswer answer;
    answer.outcome.emplace();
    answer.outcome->reason =
        "the request is not understood (" + why + "); use the `bulkhead` of the running server";
    answer.done = true;
    return answer;
}

}  // namespace

Result<AdminServer> AdminServer::open(DataLock lock) {
    const int listening = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listening < 0)
        return no_socket(errno);
    if (bind_private(listening, lock.folder()))
        return AdminServer(std::move(lock), listening);
    const int reason = errno;  // Closing may set another.
    ::close(listening);
    return no_socket(reason);
}

AdminServer::AdminServer(AdminServer&& other) noexcept
    : lock_(std::move(other.lock_)),
      listening_(std::exchange(other.listening_, -1)),
      connections_(std::move(other.connections_)) {}

AdminServer::~AdminServer() {
    if (listening_ < 0)
        return;
    ::close(listening_);
    ::unlinkat(lock_.folder(), admin_socket_name, 0);
}

void AdminServer::watch(std::vector<pollfd>& watched) const {
    watched.push_back({listening_, POLLIN, 0});
    for (const auto& [client, connection] : connections_)
        watched.push_back({connection.channel.descriptor(), connection.channel.events(), 0});
}

std::optional<AdminServer::Clock::time_point> AdminServer::deadline() const {
    std::optional<Clock::time_point> first;
    for (const auto& [client, connection] : connections_)
        if (connection.deadline && (!first || *connection.deadline < *first))
            first = connection.deadline;
    return first;
}

std::vector<AdminServer::Asked> AdminServer::serve() {
    accept();
    std::vector<Asked> asked;
    for (auto& [client, connection] : connections_) {
        connection.channel.flush();
        if (auto request = hear(client, connection))
            asked.push_back({client, *request});
    }
    std::erase_if(connections_, [this](const auto& entry) { return is_over(entry.second); });
    return asked;
}

void AdminServer::accept() {
    for (int connected = 0; (connected = ::accept4(listening_, nullptr, nullptr,
                                                   SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
        LineChannel channel(connected, {max_admin_request_bytes, max_admin_answer_bytes});
        if (!may_ask(connected))
            continue;
        make_room();
        connections_.emplace(++last_client_,
                             Connection{std::move(channel), Clock::now() + admin_patience});
    }
}

void AdminServer::make_room() {
    const auto idle = [](const auto& entry) { return !entry.second.has_asked; };
    if (connections_.size() < max_admin_clients)
        return;
    const auto oldest = std::ranges::find_if(connections_, idle);
    connections_.erase(oldest == connections_.end() ? connections_.begin() : oldest);
}

// A client says one line; afterwards it is only looked at to see whether it is still there.
std::optional<AdminRequest> AdminServer::hear(Client client, Connection& connection) {
    const auto line = connection.channel.next_line();
    if (line && connection.has_asked)
        connection.channel.close();
    if (!line || connection.has_asked)
        return std::nullopt;
    connection.has_asked = true;
    connection.deadline.reset();
    const auto request = json::read<AdminRequest>(*line);
    if (request)
        return *request;
    answer(client, not_understood(request.error().message));
    return std::nullopt;
}

bool AdminServer::is_over(const Connection& connection) const {
    return connection.channel.ended() || (connection.answered && connection.channel.all_sent()) ||
           (connection.deadline && *connection.deadline <= Clock::now());
}

void AdminServer::answer(Client client, const AdminAnswer& answer) {
    const auto found = connections_.find(client);
    if (found == connections_.end() || found->second.answered)
        return;
    found->second.channel.send(json::text_of(answer));
    found->second.answered = answer.done;
    if (answer.done)
        found->second.deadline = Clock::now() + admin_patience;
}

}  // namespace bulkhead::module
