#include "support/raw_client.hpp"

#include <arpa/inet.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace {

constexpr timeval patience{30, 0};

[[noreturn]] void fail(const std::string& what) {
    throw std::runtime_error("raw client: " + what + ": " + std::strerror(errno));
}

RawResponse parse_head(std::string_view head) {
    RawResponse response;
    response.status = std::stoi(std::string(head.substr(head.find(' ') + 1, 3)));
    head.remove_prefix(head.find("\r\n") + 2);
    while (!head.starts_with("\r\n")) {
        const auto line = head.substr(0, head.find("\r\n"));
        const auto colon = line.find(": ");
        response.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
        head.remove_prefix(line.size() + 2);
    }
    return response;
}

}  // namespace

std::string RawResponse::header(std::string_view name) const {
    const auto found =
        std::ranges::find(headers, name, &std::pair<std::string, std::string>::first);
    return found == headers.end() ? std::string{} : found->second;
}

RawClient::RawClient(std::uint16_t port)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connect_to(reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

RawClient::RawClient(const std::filesystem::path& path)
    : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.native().copy(address.sun_path, sizeof address.sun_path - 1);
    connect_to(reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

void RawClient::connect_to(const sockaddr* address, unsigned size) {
    if (socket_ < 0)
        fail("socket");
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (::connect(socket_, address, size) != 0) {
        ::close(socket_);
        fail("connect");
    }
}

RawClient::~RawClient() {
    if (socket_ >= 0)
        ::close(socket_);
}

RawClient::RawClient(RawClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}

void RawClient::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0)
            fail("send");
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

bool RawClient::try_send(std::string_view bytes) const {
    return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT) > 0;
}

std::size_t RawClient::receive(char* room, std::size_t size) {
    const auto count = ::recv(socket_, room, size, 0);
    if (count < 0)
        fail("receive, after \"" + received_.substr(0, 200) + '"');
    return static_cast<std::size_t>(count);
}

bool RawClient::read_more() {
    char bytes[65'536];
    const auto count = receive(static_cast<char*>(bytes), sizeof bytes);
    received_.append(static_cast<const char*>(bytes), count);
    return count > 0;
}

std::string RawClient::take(std::size_t bytes) {
    while (received_.size() < bytes)
        if (!read_more())
            throw std::runtime_error("raw client: the connection ended within a response");
    auto taken = received_.substr(0, bytes);
    received_.erase(0, bytes);
    return taken;
}

RawResponse RawClient::read_response(ResponseTo what) {
    std::size_t end = 0;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos)
        if (!read_more())
            throw std::runtime_error("raw client: the connection ended before a response");
    auto response = parse_head(take(end + 4));
    const auto length = response.header("Content-Length");
    if (what == ResponseTo::any && !length.empty())
        response.body = take(std::stoul(length));
    return response;
}

std::string RawClient::read_to_eof() {
    while (read_more()) {
    }
    return std::exchange(received_, {});
}

void RawClient::half_close() const {
    ::shutdown(socket_, SHUT_WR);
}

void RawClient::reset() {
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(std::exchange(socket_, -1));
}

std::uint32_t RawClient::segments_received() const {
    tcp_info info{};
    socklen_t length = sizeof info;
    if (::getsockopt(socket_, IPPROTO_TCP, TCP_INFO, &info, &length) != 0)
        fail("TCP_INFO");
    return info.tcpi_data_segs_in;
}
