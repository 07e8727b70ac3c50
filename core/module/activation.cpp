#include "module/activation.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>

namespace bulkhead::module {
namespace {

constexpr int first_activated = 3;  // SD_LISTEN_FDS_START
constexpr int max_activated = 64;

Error refused(const std::string& found, const std::string& remedy) {
    return Error::unavailable("server.listen_refused",
                              "the service manager hands over " + found + "; " + remedy);
}

std::optional<int> number_in(const std::string& text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole ? std::optional(number) : std::nullopt;
}

std::vector<std::string> names_in(const std::string& list) {
    std::vector<std::string> names;
    for (std::size_t at = 0; at <= list.size();) {
        const auto end = std::min(list.find(':', at), list.size());
        names.push_back(list.substr(at, end - at));
        at = end + 1;
    }
    return names;
}

// A manager names a socket after its unit where nothing else is said.
bool is_unnamed(std::string_view name) {
    return name.empty() || name == "unknown" || name.ends_with(".socket");
}

std::optional<http::Role> role_called(std::string_view name) {
    if (name == "https")
        return http::Role::tls;
    return name == "http" || is_unnamed(name) ? std::optional(http::Role::plain) : std::nullopt;
}

int option_of(int descriptor, int name) {
    int value = -1;
    socklen_t size = sizeof value;
    return ::getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
}

bool is_listening_stream(int descriptor) {
    const int domain = option_of(descriptor, SO_DOMAIN);
    return (domain == AF_INET || domain == AF_INET6 || domain == AF_UNIX) &&
           option_of(descriptor, SO_TYPE) == SOCK_STREAM &&
           option_of(descriptor, SO_ACCEPTCONN) == 1;
}

bool prepare(int descriptor) {
    const int flags = ::fcntl(descriptor, F_GETFL);
    return flags >= 0 && ::fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0 &&
           ::fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0;
}

Result<http::Listening> take(int descriptor, const std::string& name) {
    const auto called = "descriptor " + std::to_string(descriptor) + " (\"" + name + "\")";
    const auto role = role_called(name);
    if (!role)
        return refused(called + ", whose name says nothing of its use",
                       "set FileDescriptorName= of its unit to http or https");
    if (!is_listening_stream(descriptor) || !prepare(descriptor))
        return refused(called + ", which is no listening stream socket",
                       "use ListenStream= with an address or a path, and Accept=no, in its unit");
    return http::Listening{descriptor, *role};
}

}  // namespace

std::optional<std::string> take_variable(const char* name) {
    const char* const value = std::getenv(name);
    if (value == nullptr)
        return std::nullopt;
    std::string taken = value;
    ::unsetenv(name);
    return taken;
}

Result<std::vector<http::Listening>> activated_sockets() {
    const auto process = number_in(take_variable("LISTEN_PID").value_or(""));
    const auto given = take_variable("LISTEN_FDS").value_or("");
    auto names = names_in(take_variable("LISTEN_FDNAMES").value_or(""));
    std::vector<http::Listening> sockets;
    if (!process || *process != ::getpid())
        return sockets;
    const auto count = number_in(given);
    if (!count || *count < 0 || *count > max_activated)
        return refused("LISTEN_FDS=" + given,
                       "it must be a number up to " + std::to_string(max_activated));
    names.resize(static_cast<std::size_t>(*count));
    for (int place = 0; place < *count; ++place) {
        auto socket = take(first_activated + place, names[static_cast<std::size_t>(place)]);
        if (!socket)
            return std::move(socket.error());
        sockets.push_back(*socket);
    }
    return sockets;
}

}  // namespace bulkhead::module
