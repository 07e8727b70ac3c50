#include "support/http_client.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace {

std::size_t content_length(const std::string& head) {
    static const std::string name = "\r\nContent-Length: ";
    const auto at = head.find(name);
    return at == std::string::npos ? 0
                                   : std::strtoull(head.c_str() + at + name.size(), nullptr, 10);
}

}  // namespace

HttpClient::HttpClient(std::uint16_t port)
    : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval longest_wait{30, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &longest_wait, sizeof longest_wait);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        const int error = errno;
        ::close(descriptor_);
        throw std::system_error(error, std::generic_category(), "connect");
    }
}

HttpClient::~HttpClient() {
    ::close(descriptor_);
}

// A connection that the server has closed shows when the answer is read.
void HttpClient::send(const std::string& bytes) const {
    [[maybe_unused]] const auto count =
        ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

bool HttpClient::read_more() {
    std::array<char, 4096> bytes;
    const auto count = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
    if (count > 0)
        received_.append(bytes.data(), static_cast<std::size_t>(count));
    return count > 0;
}

std::optional<HttpAnswer> HttpClient::receive() {
    auto end = received_.find("\r\n\r\n");
    for (; end == std::string::npos; end = received_.find("\r\n\r\n"))
        if (!read_more())
            return std::nullopt;
    HttpAnswer answer{std::atoi(received_.c_str() + 9), received_.substr(0, end + 4), {}};
    const auto whole = end + 4 + content_length(answer.head);
    while (received_.size() < whole)
        if (!read_more())
            return std::nullopt;
    answer.body = received_.substr(end + 4, whole - end - 4);
    received_.erase(0, whole);
    return answer;
}

std::optional<HttpAnswer> HttpClient::get(const std::string& path) {
    send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return receive();
}

std::optional<HttpAnswer> get_once(std::uint16_t port, const std::string& path) {
    return HttpClient(port).get(path);
}
