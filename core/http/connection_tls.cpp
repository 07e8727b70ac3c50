// How a connection speaks TLS: the handshake, and reading. Writing differs in one call, in flush().

#include "http/connection.hpp"

#include <bulkhead/log.hpp>

#include <boost/asio/post.hpp>

#include <sys/socket.h>

#include <cerrno>

namespace bulkhead::http {

namespace {

// A handshake begins with a record of type 22 (RFC 8446, 5.1); a request with its method.
bool begins_a_request(char byte) {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

void log_failure(const std::string& address, std::string_view problem) {
    static const Log log("http");
    log.debug("a TLS handshake failed", {{"remote_address", address}, {"detail", problem}});
}

}  // namespace

// Nothing is made ready for a client that says nothing.
void Connection::await_handshake() {
    socket_.async_wait(Socket::wait_read, [self = shared_from_this()](const auto& error) {
        if (self->phase_ != Phase::handshake)
            return;
        error ? self->close() : self->begin_handshake();
    });
}

void Connection::begin_handshake() {
    char first = 0;
    const auto seen =
        ::recv(socket_.native_handle(), &first, sizeof first, MSG_PEEK | MSG_DONTWAIT);
    if (seen < 0 && (errno == EAGAIN || errno == EINTR))
        return await_handshake();
    if (seen <= 0)
        return close();
    if (begins_a_request(first))
        return refuse_plain_text();
    tls_ = std::make_unique<TlsStream>(*loop_->tls(), socket_.native_handle());
    shake_hands();
}

void Connection::shake_hands() {
    const auto step = tls_->shake_hands();
    switch (step) {
        case TlsStep::done:
            phase_ = Phase::head;
            since_ = loop_->tick();
            return read();
        case TlsStep::needs_input:
        case TlsStep::needs_output:
            return wait_for_handshake(step);
        case TlsStep::ended:
        case TlsStep::broken:
            log_failure(address_, tls_->problem());
            return close();
    }
}

void Connection::wait_for_handshake(TlsStep step) {
    const auto what = step == TlsStep::needs_input ? Socket::wait_read : Socket::wait_write;
    socket_.async_wait(what, [self = shared_from_this()](const auto& error) {
        if (self->phase_ != Phase::handshake)
            return;
        error ? self->close() : self->shake_hands();
    });
}

void Connection::refuse_plain_text() {
    phase_ = Phase::head;
    refuse(Error::malformed("http.plain_on_tls",
                            "This port speaks HTTPS: ask again with https:// in the address."));
    flush();
}

void Connection::read_encrypted(std::span<char> room) {
    if (!tls_->has_unread())
        return wait_to_decrypt(Socket::wait_read, room);
    // By way of the loop: everybody else has a turn between two reads.
    boost::asio::post(loop_->context(), [self = shared_from_this(), room] { self->decrypt(room); });
}

void Connection::wait_to_decrypt(Socket::wait_type what, std::span<char> room) {
    socket_.async_wait(what, [self = shared_from_this(), room](const auto& error) {
        if (!error)
            return self->decrypt(room);
        self->reading_ = false;
        self->close();
    });
}

void Connection::decrypt(std::span<char> room) {
    if (!tls_) {  // The last reply has gone out meanwhile.
        reading_ = false;
        return phase_ == Phase::lingering ? discard(0) : void();
    }
    std::size_t bytes = 0;
    const auto step = tls_->receive(room, bytes);
    if (step == TlsStep::needs_input || step == TlsStep::needs_output)
        return wait_to_decrypt(
            step == TlsStep::needs_input ? Socket::wait_read : Socket::wait_write, room);
    reading_ = false;
    if (step == TlsStep::broken)
        return close();
    finish_read(step == TlsStep::ended ? boost::asio::error::eof : boost::system::error_code(),
                bytes);
}

}  // namespace bulkhead::http
