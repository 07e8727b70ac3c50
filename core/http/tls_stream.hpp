#pragma once

#include "http/output.hpp"
#include "http/tls_context.hpp"

#include <span>

struct ssl_st;

namespace bulkhead::http {

/// How an operation on a TlsStream ended.
enum class TlsStep : std::uint8_t {
    done,
    needs_input,   ///< again, once the socket can be read
    needs_output,  ///< again, once it can be written
    ended,         ///< the client sends no more
    broken         ///< not TLS, or the client is gone
};

/// Whom a TlsStream talks to.
struct TlsPeer {
    int socket;
    std::size_t unheard_bytes = 0;  ///< received since it last said something within TLS
};

/// TLS on one accepted socket. Nothing waits. For the thread of its connection.
class TlsStream {
public:
    /// The socket stays the caller's and outlives the stream. Throws std::bad_alloc.
    TlsStream(const TlsContext& context, int socket);
    ~TlsStream();
    TlsStream(const TlsStream&) = delete;
    TlsStream& operator=(const TlsStream&) = delete;

    TlsStep shake_hands();
    /// `bytes`: how many were put into `room`; more than none exactly if done.
    TlsStep receive(std::span<char> room, std::size_t& bytes);
    /// As Output::send(). Where it is blocked, `needs_input()` says on what.
    Sent send(Output& output);
    bool needs_input() const { return needs_input_; }
    /// Says that nothing more is sent (close_notify).
    TlsStep end();

    /// Whether receive() may have something to say without the socket being readable.
    bool has_unread() const;
    /// Why it is broken, for the log; empty if there is nothing to say.
    std::string problem() const { return problem_; }

private:
    TlsStep receive_records(std::span<char> room, std::size_t& bytes);
    TlsStep step_after(int result);

    struct Free {
        void operator()(ssl_st* connection) const;
    };
    TlsPeer peer_;
    std::unique_ptr<ssl_st, Free> connection_;
    const char* problem_ = "";
    TlsStep input_ = TlsStep::done;  ///< ended or broken: for good
    bool needs_input_ = false;
};

}  // namespace bulkhead::http
