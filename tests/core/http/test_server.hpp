#pragma once
// A real server on a free port of 127.0.0.1, with routes that do what a test of sockets needs.

#include "http/server.hpp"

#include "support/raw_client.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <latch>
#include <optional>
#include <system_error>

namespace bulkhead::http::test {

class ListeningSocket {
public:
    ListeningSocket() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        socklen_t length = sizeof address;
        if (::bind(socket_, generic, length) != 0 || ::listen(socket_, 128) != 0 ||
            ::getsockname(socket_, generic, &length) != 0)
            throw std::system_error(errno, std::generic_category(), "listening socket");
        port_ = ntohs(address.sin_port);
    }
    ~ListeningSocket() { ::close(socket_); }
    ListeningSocket(const ListeningSocket&) = delete;
    ListeningSocket& operator=(const ListeningSocket&) = delete;

    int descriptor() const { return socket_; }
    std::uint16_t port() const { return port_; }

private:
    int socket_;
    std::uint16_t port_ = 0;
};

/// What the routes do.
struct Desk {
    std::function<void()> work = [] {};  ///< of the two /work, on a worker

    static constexpr std::size_t large_bytes = 33'554'432;  ///< more than sockets buffer
};

inline Raw text(std::string body) {
    Raw raw{};
    raw.reply.content_type = "text/plain";
    raw.reply.body = std::move(body);
    return raw;
}

inline Result<Raw> quick(Desk&) {
    return text("quick");
}
inline Result<Raw> large(Desk&) {
    return text(std::string(Desk::large_bytes, 'x'));
}
inline Result<> nothing(Desk&) {
    return Done{};
}
inline Result<Raw> injecting(Desk&) {
    auto raw = text("injecting");
    raw.reply.headers.emplace_back("X-Good", "1");
    raw.reply.headers.emplace_back("X-Bad", "1\r\nX-Injected: 1");
    raw.reply.headers.emplace_back("X Bad", "1");
    raw.reply.headers.emplace_back("Content-Length", "0");
    return raw;
}
inline Result<Raw> echo(Desk&, Request request) {
    return text(std::string(request.body));
}
inline Result<Raw> work(Desk& desk, Path<"id", std::string> id) {
    desk.work();
    return text("worked on " + std::move(id.value));
}
inline Result<Raw> work_through(Desk& desk, Request request) {
    desk.work();
    return text("worked through " + std::string(request.body));
}

inline Blueprint desk_blueprint(Desk& desk, const Options& options) {
    Routes<Desk> on(desk);
    on.get("/quick", quick).open().nonblocking();
    on.get("/large", large).open().nonblocking();
    on.get("/nothing", nothing).open().nonblocking();
    on.get("/injecting", injecting).open().nonblocking();
    on.post("/echo", echo).open().nonblocking();
    on.post("/small", echo).open().nonblocking().body_limit_bytes(8);
    on.get("/work/{id}", work).open();
    on.post("/work", work_through).open();
    Blueprint blueprint;
    blueprint.options = options;
    blueprint.routes = on.take();
    for (auto& route : blueprint.routes)
        route.module = "desk";
    blueprint.middleware = {"request_id", "recover", "deadline"};
    return blueprint;
}

struct TestServer {
    /// With `tls`, its socket speaks nothing else.
    explicit TestServer(const Options& options = {}, std::int32_t io_threads = 1,
                        const std::shared_ptr<const TlsContext>& tls = nullptr)
        : application(desk_blueprint(desk, options)) {
        const Listening listening{socket.descriptor(), tls ? Role::tls : Role::plain};
        server.emplace(options, application, std::span(&listening, 1), io_threads, tls);
    }

    RawClient connect() const { return RawClient(socket.port()); }

    /// Whether a request on a connection of its own is answered.
    bool serves() const {
        auto client = connect();
        client.send("GET /api/v1/quick HTTP/1.1\r\nHost: a\r\n\r\n");
        return client.read_response().status == 200;
    }

    ListeningSocket socket;
    Desk desk;
    Application application;
    std::optional<Server> server;  ///< last: it ends first
};

inline bool says(const RawResponse& response, std::string_view text) {
    return response.body.find(text) != std::string::npos;
}

/// Keeps handlers of /work from returning until it is opened.
struct Gate {
    std::latch entered{1};
    std::latch opened{1};

    std::function<void()> handler() {
        return [this] {
            entered.count_down();
            opened.wait();
        };
    }
};

inline std::string get(std::string_view path, std::string_view more_headers = {}) {
    return "GET /api/v1" + std::string(path) + " HTTP/1.1\r\nHost: a\r\n" +
           std::string(more_headers) + "\r\n";
}

inline std::string post(std::string_view path, std::string_view more_headers,
                        std::string_view body = {}) {
    return "POST /api/v1" + std::string(path) + " HTTP/1.1\r\nHost: a\r\n" +
           std::string(more_headers) + "\r\n" + std::string(body);
}

}  // namespace bulkhead::http::test
