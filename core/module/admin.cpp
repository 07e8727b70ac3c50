#include "module/admin.hpp"

#include "module/admin_client.hpp"
#include "module/admin_socket.hpp"
#include "module/data_lock.hpp"
#include "module/line_channel.hpp"

#include <bulkhead/json.hpp>

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace bulkhead::module {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds connect_patience{5};
constexpr std::chrono::seconds status_patience{5};

Error not_reached(const std::filesystem::path& data_folder, int reason) {
    return Error::unavailable("server.admin_refused",
                              "the admin socket in " + data_folder.string() + " cannot be used (" +
                                  std::strerror(reason) +
                                  "); run this as the user of the server, or as root");
}

enum class Silence : std::uint8_t { does_not_answer, has_ended };

Error silent(const std::filesystem::path& data_folder, Silence silence) {
    return Error::unavailable(
        "server.admin_silent",
        "the server of " + data_folder.string() +
            (silence == Silence::has_ended ? " has ended before it answered; see its log"
                                           : " does not answer on its admin socket; see its log"));
}

// -1 with errno set.
int connect_to(int folder) {
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval patience{connect_patience.count(), 0};
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const auto address = admin_address(folder);
    if (socket < 0 ||
        ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        return socket;
    const int reason = errno;  // Closing may set another.
    ::close(socket);
    errno = reason;
    return -1;
}

/// -1 when no server is there.
Result<int> connect(const std::filesystem::path& data_folder) {
    const int folder = open_folder(data_folder);
    const int socket = folder < 0 ? -1 : connect_to(folder);
    const int reason = errno;
    if (folder >= 0)
        ::close(folder);
    if (socket >= 0 || reason == ENOENT || reason == ECONNREFUSED)
        return socket;
    return reason == EAGAIN ? silent(data_folder, Silence::does_not_answer)
                            : not_reached(data_folder, reason);
}

/// Empty when the other side has gone or has said nothing in time.
std::optional<AdminAnswer> next_answer(LineChannel& channel, std::chrono::seconds patience) {
    const auto end = Clock::now() + patience;
    auto line = channel.next_line();
    while (!line && !channel.ended() && Clock::now() < end) {
        pollfd watched{channel.descriptor(), POLLIN, 0};
        ::poll(&watched, 1, 1'000);
        line = channel.next_line();
    }
    if (!line)
        return std::nullopt;
    auto answer = json::read<AdminAnswer>(*line);
    return answer ? std::optional(*std::move(answer)) : std::nullopt;
}

}  // namespace

Result<std::optional<AdminAnswer>> ask(const Configuration& configuration,
                                       const AdminRequest& request, std::chrono::seconds patience,
                                       const std::function<void(const AdminAnswer&)>& on_answer) {
    const auto data_folder = configuration.data_folder();
    const auto socket = connect(data_folder);
    if (!socket)
        return socket.error();
    if (*socket < 0)
        return std::optional<AdminAnswer>{};
    LineChannel channel(*socket, {max_admin_answer_bytes, max_admin_answer_bytes});
    channel.send(json::text_of(request));
    channel.flush_waiting();
    for (auto answer = next_answer(channel, patience); answer;
         answer = next_answer(channel, patience)) {
        if (answer->done)
            return answer;
        on_answer(*answer);
    }
    return silent(data_folder, channel.ended() ? Silence::has_ended : Silence::does_not_answer);
}

Result<std::optional<SupervisorStatus>> ask_status(const Configuration& configuration) {
    const auto answer =
        ask(configuration, {AdminCommand::status}, status_patience, [](const AdminAnswer&) {});
    if (!answer)
        return answer.error();
    if (!*answer)
        return std::optional<SupervisorStatus>{};
    return (*answer)->status;
}

}  // namespace bulkhead::module
