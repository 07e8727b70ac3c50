#include "http/tls_stream.hpp"

#include "http/tls_openssl.hpp"

#include <new>

namespace bulkhead::http {

namespace {

constexpr std::size_t turn_bytes = 32'768;  // Of records, however little they hold.

}  // namespace

void TlsStream::Free::operator()(ssl_st* connection) const {
    SSL_free(connection);
}

TlsStream::TlsStream(const TlsContext& context, int socket)
    : peer_{socket}, connection_(SSL_new(context.handle())) {
    auto bio = socket_bio(&peer_);
    if (!connection_ || !bio)
        throw std::bad_alloc();
    auto* const both = bio.release();
    SSL_set_bio(connection_.get(), both, both);
    SSL_set_accept_state(connection_.get());
}

TlsStream::~TlsStream() = default;

TlsStep TlsStream::shake_hands() {
    ERR_clear_error();
    return step_after(SSL_do_handshake(connection_.get()));
}

TlsStep TlsStream::receive(std::span<char> room, std::size_t& bytes) {
    bytes = 0;
    const auto step = receive_records(room, bytes);
    if (bytes == 0)
        return step;
    peer_.unheard_bytes = 0;
    return TlsStep::done;
}

TlsStep TlsStream::receive_records(std::span<char> room, std::size_t& bytes) {
    while (bytes < room.size() && input_ == TlsStep::done) {
        ERR_clear_error();
        std::size_t more = 0;
        const int result =
            SSL_read_ex(connection_.get(), room.data() + bytes, room.size() - bytes, &more);
        bytes += more;
        if (result != 1) {
            const auto step = step_after(result);
            if (step != TlsStep::ended && step != TlsStep::broken)
                return step;
            input_ = step;
        } else if (!has_unread() || peer_.unheard_bytes > turn_bytes) {
            break;
        }
    }
    return input_;
}

Sent TlsStream::send(Output& output) {
    needs_input_ = false;
    auto loaded = output.load();
    for (; loaded == Sent::all && !output.waiting().empty(); loaded = output.load()) {
        ERR_clear_error();
        const auto waiting = output.waiting();
        std::size_t taken = 0;
        const int result = SSL_write_ex(connection_.get(), waiting.data(), waiting.size(), &taken);
        if (result != 1) {
            const auto step = step_after(result);
            needs_input_ = step == TlsStep::needs_input;
            output.drop_sent();
            return needs_input_ || step == TlsStep::needs_output ? Sent::blocked : Sent::broken;
        }
        output.sent(taken);
    }
    if (loaded == Sent::all)
        output.tidy();
    return loaded;
}

TlsStep TlsStream::end() {
    ERR_clear_error();
    const int result = SSL_shutdown(connection_.get());
    return result >= 0 ? TlsStep::done : step_after(result);
}

bool TlsStream::has_unread() const {
    return input_ != TlsStep::done || SSL_has_pending(connection_.get()) == 1;
}

TlsStep TlsStream::step_after(int result) {
    switch (SSL_get_error(connection_.get(), result)) {
        case SSL_ERROR_NONE:
            return TlsStep::done;
        case SSL_ERROR_WANT_READ:
            return TlsStep::needs_input;
        case SSL_ERROR_WANT_WRITE:
            return TlsStep::needs_output;
        case SSL_ERROR_ZERO_RETURN:
            return TlsStep::ended;
        default:
            break;
    }
    const char* const reason = ERR_reason_error_string(ERR_peek_error());
    problem_ = reason == nullptr ? "" : reason;
    ERR_clear_error();
    return TlsStep::broken;
}

}  // namespace bulkhead::http
