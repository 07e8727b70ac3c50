#pragma once
// A socket and what comes out of it, byte by byte: for tests of what a well-behaved client never
// does. Everything waits, at most 30 s; then it throws std::runtime_error.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct sockaddr;

struct RawResponse {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;

    /// The first of this name in exactly this case; empty without one.
    std::string header(std::string_view name) const;
};

/// Whether a response may have a body: one to HEAD has none, whatever its Content-Length says.
enum class ResponseTo : std::uint8_t { any, head };

class RawClient {
public:
    /// Connects to 127.0.0.1.
    explicit RawClient(std::uint16_t port);
    /// Connects to a Unix socket.
    explicit RawClient(const std::filesystem::path& path);
    virtual ~RawClient();
    RawClient(RawClient&& other) noexcept;
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    virtual void send(std::string_view bytes) const;
    /// As much as the connection takes at once; false when it takes no more, or is broken.
    virtual bool try_send(std::string_view bytes) const;

    RawResponse read_response(ResponseTo what = ResponseTo::any);
    /// All that comes until the server ends the connection, what was read before included. A reset
    /// throws.
    std::string read_to_eof();

    virtual void half_close() const;  ///< sends no more, still reads
    void reset();                     ///< RST instead of FIN

    /// Data segments that arrived so far: one write of the server within one segment's size is one.
    std::uint32_t segments_received() const;

protected:
    int socket() const { return socket_; }
    /// How many bytes came; 0 at the end.
    virtual std::size_t receive(char* room, std::size_t size);

private:
    void connect_to(const sockaddr* address, unsigned size);
    bool read_more();
    std::string take(std::size_t bytes);

    int socket_;
    std::string received_;
};
