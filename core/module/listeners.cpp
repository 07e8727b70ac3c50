#include "module/listeners.hpp"

#include "module/activation.hpp"
#include "module/socket_address.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

namespace bulkhead::module {
namespace {

// As many as the kernel grants (net.core.somaxconn): clients wait here while a worker is replaced.
constexpr int backlog = 4'096;

constexpr mode_t max_mode = 0777;

Result<> check_address(std::string_view key, const std::string& value) {
    if (value.empty())
        return Done{};
    const auto address = tcp_address(key, value);
    return address ? Result<>(Done{}) : address.error();
}

// Its length counts from the folder of the file, which is known once it is opened.
Result<> check_path(std::string_view, const std::string&) {
    return Done{};
}

std::optional<mode_t> mode_from(const std::string& text) {
    unsigned mode = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole && mode <= max_mode ? std::optional<mode_t>(mode) : std::nullopt;
}

Result<> check_mode(std::string_view key, const std::string& value) {
    if (mode_from(value))
        return Done{};
    return Error::invalid("server.listen_malformed",
                          std::string(key) + " is \"" + value +
                              "\"; write permissions as chmod takes them, such as 0660");
}

Error refused(std::string sentence) {
    return Error::unavailable("server.listen_refused", std::move(sentence));
}

std::string why(int error, std::string_view key, const std::string& listen) {
    const std::string named(key);
    switch (error) {
        case EADDRINUSE:
            return listen + " is in use by another process; stop it or set " + named +
                   " in plugins.toml";
        case EADDRNOTAVAIL:
            return listen + " is no address of this machine; set " + named +
                   " in plugins.toml to one of its own, or to 0.0.0.0 for all of them";
        case EACCES:
            return listen + " is a privileged port and this user may not open it; set " + named +
                   " in plugins.toml to a port from 1024 on, or grant CAP_NET_BIND_SERVICE";
        case EAFNOSUPPORT:
            return listen + " needs IPv6, which this machine lacks; set " + named +
                   " in plugins.toml to an IPv4 address";
        default:
            return listen + " cannot be listened on: " + std::strerror(error) + "; check " + named +
                   " in plugins.toml";
    }
}

bool open_on(int descriptor, const SocketAddress& address) {
    const int on = 1;
    return ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
           ::bind(descriptor, address.get(), address.size) == 0 &&
           ::listen(descriptor, backlog) == 0;
}

// A server that may not be asked, or has no place left in its backlog, lives as well.
bool is_answered(const SocketAddress& address) {
    const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const bool refused = ::connect(probe, address.get(), address.size) != 0 &&
                         (errno == ECONNREFUSED || errno == ENOENT);
    ::close(probe);
    return !refused;
}

// What somebody else put there is not ours to remove.
Result<> make_way(const std::filesystem::path& path, const SocketAddress& address) {
    struct stat found{};
    if (::lstat(path.c_str(), &found) != 0)
        return Done{};
    if (!S_ISSOCK(found.st_mode))
        return refused(path.string() +
                       " is no socket; remove it, or set server.unix_socket in plugins.toml to "
                       "another path");
    if (is_answered(address))
        return refused(path.string() +
                       " is in use by another server; stop it or set server.unix_socket in "
                       "plugins.toml");
    ::unlink(path.c_str());  // If it stays, so does the name, and binding says so.
    return Done{};
}

// Whoever connects before listen() is refused, so that the mode holds from the first one on.
bool open_at(int descriptor, const SocketAddress& address, const std::filesystem::path& path,
             mode_t mode) {
    return ::bind(descriptor, address.get(), address.size) == 0 &&
           ::chmod(path.c_str(), mode) == 0 && ::listen(descriptor, backlog) == 0;
}

Result<Listeners> take_activated(std::vector<http::Listening> sockets,
                                 const Configuration& configuration) {
    const bool secure =
        std::ranges::find(sockets, http::Role::tls, &http::Listening::role) != sockets.end();
    if (secure && configuration.features.tls.certificate.empty())
        return refused(
            "the service manager hands over a socket named https, and tls.certificate is empty; "
            "set tls.certificate and tls.key in plugins.toml");
    return Listeners(std::move(sockets));
}

}  // namespace

std::vector<ListenKey> listen_keys(const Configuration& configuration) {
    const auto& server = configuration.server;
    return {{"server.listen", server.listen, check_address},
            {"server.unix_socket", server.unix_socket, check_path},
            {"server.unix_socket_mode", server.unix_socket_mode, check_mode},
            {"tls.listen", configuration.features.tls.listen, check_address}};
}

Result<Listeners> Listeners::open(const Configuration& configuration) {
    auto activated = activated_sockets();
    if (!activated)
        return std::move(activated.error());
    if (!activated->empty())
        return take_activated(*std::move(activated), configuration);
    const auto& server = configuration.server;
    const auto& secure = configuration.features.tls.listen;
    Listeners opened({});
    if (auto done = opened.open_tcp("server.listen", server.listen, http::Role::plain); !done)
        return std::move(done.error());
    if (auto done = opened.open_tcp("tls.listen", secure, http::Role::tls); !done)
        return std::move(done.error());
    if (!server.unix_socket.empty()) {
        const auto path = configuration.document->folder() / server.unix_socket;
        const auto mode = mode_from(server.unix_socket_mode);
        if (auto done = opened.open_unix(path, mode.value_or(0)); !done)
            return std::move(done.error());
    }
    if (opened.sockets_.empty())
        return refused(
            "nothing is said of where to listen; set server.listen, server.unix_socket or "
            "tls.listen "
            "in plugins.toml, or start the server by the socket of a service manager");
    return opened;
}

Listeners::Listeners(Listeners&& other) noexcept
    : sockets_(std::exchange(other.sockets_, {})), name_(std::exchange(other.name_, {})) {}

Result<> Listeners::open_tcp(std::string_view key, const std::string& listen, http::Role role) {
    if (listen.empty())
        return Done{};
    const auto address = tcp_address(key, listen);
    if (!address)
        return address.error();
    const int descriptor = ::socket(address->storage.ss_family,
                                    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (descriptor >= 0)
        sockets_.push_back({descriptor, role});
    if (descriptor < 0 || !open_on(descriptor, *address))
        return refused(why(errno, key, listen));
    return Done{};
}

Result<> Listeners::open_unix(const std::filesystem::path& path, mode_t mode) {
    const auto address = unix_address("server.unix_socket", path);
    if (!address)
        return address.error();
    if (auto done = make_way(path, *address); !done)
        return done;
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor >= 0)
        sockets_.push_back({descriptor, http::Role::plain});
    if (descriptor < 0 || !open_at(descriptor, *address, path, mode))
        return refused(path.string() + " cannot be listened on: " + std::strerror(errno) +
                       "; check server.unix_socket in plugins.toml, its folder and who may write "
                       "to it");
    struct stat made{};
    if (::lstat(path.c_str(), &made) == 0)
        name_ = Name{path, made.st_dev, made.st_ino};
    return Done{};
}

void Listeners::close() {
    struct stat found{};
    if (name_ && ::lstat(name_->path.c_str(), &found) == 0 && found.st_dev == name_->device &&
        found.st_ino == name_->inode)
        ::unlink(name_->path.c_str());
    name_.reset();
    for (const auto& socket : sockets_)
        ::close(socket.descriptor);
    sockets_.clear();
}

}  // namespace bulkhead::module
