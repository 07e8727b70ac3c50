#pragma once
// As little of an HTTP client as a test of processes needs: blocking, one connection.

#include <cstdint>
#include <optional>
#include <string>

struct HttpAnswer {
    int status = 0;
    std::string head;
    std::string body;

    bool closes() const { return head.find("\r\nConnection: close\r\n") != std::string::npos; }
};

class HttpClient {
public:
    /// Connects to 127.0.0.1; throws std::system_error when nobody listens.
    explicit HttpClient(std::uint16_t port);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    void send(const std::string& bytes) const;
    /// The next answer; empty when the connection ends (or 30 s pass) before it is whole.
    std::optional<HttpAnswer> receive();
    std::optional<HttpAnswer> get(const std::string& path);

private:
    bool read_more();

    int descriptor_;
    std::string received_;
};

/// One request on a connection of its own.
std::optional<HttpAnswer> get_once(std::uint16_t port, const std::string& path);
