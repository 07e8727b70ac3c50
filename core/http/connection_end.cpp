// How a connection writes, runs out of patience, and ends.

#include "http/connection.hpp"

#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>

namespace bulkhead::http {

namespace {

// After the last reply the client may still be sending. Closing then would reset the connection,
// and the reset could overtake the reply: so for a while its bytes are read and dropped.
constexpr std::int64_t linger_seconds = 5;
constexpr std::int64_t drain_linger_seconds = 0;  // The next tick: a restart must not wait for it.
constexpr std::size_t linger_bytes = 16'777'216;

// While draining, this long a silence makes a request just now as unlikely as keep_alive_seconds
// does at other times.
constexpr std::int64_t drain_idle_seconds = 2;

constexpr std::int64_t always_held_bytes = 8'192;  // By each connection, whatever the others hold.

constexpr std::int64_t rest_seconds = 1;  // Without a request; who asks less often pays for memory.

constexpr std::uint64_t usual_body_bytes = 1'048'576;  // What body_seconds is meant for.

}  // namespace

void Connection::flush() {
    if (blocked_ || phase_ == Phase::closed)
        return;
    const auto before = output_.waiting_bytes();
    const auto sent = tls_ ? tls_->send(output_) : output_.send(socket_.native_handle());
    if (output_.waiting_bytes() < before)
        last_out_ = loop_->tick();
    if (sent == Sent::broken)
        close();
    else if (sent == Sent::blocked)
        wait_until_writable();
    else if (phase_ == Phase::ending)
        linger();
}

void Connection::wait_until_writable() {
    if (!may_hold())
        return reset();
    blocked_ = true;
    last_out_ = loop_->tick();
    const bool wants_input = tls_ && tls_->needs_input();
    socket_.async_wait(wants_input ? Socket::wait_read : Socket::wait_write,
                       [self = shared_from_this()](const auto& error) {
                           self->blocked_ = false;
                           if (error)
                               return self->close();
                           if (self->phase_ == Phase::head)
                               self->since_ = self->loop_->tick();
                           self->flush();
                           self->advance();
                       });
}

// Tells the others what this one holds. False when it is what keeps all of them beyond
// http.buffer_bytes.
bool Connection::may_hold() {
    const auto held = static_cast<std::int64_t>(
        incoming_->input.held_bytes() + incoming_->parser.held_bytes() + output_.held_bytes());
    if (held == held_bytes_)
        return true;
    const auto of_all = loop_->hold(held - std::exchange(held_bytes_, held));
    return held <= always_held_bytes || of_all <= loop_->options().buffer_bytes;
}

void Connection::refuse_growth() {
    refuse(Error::unavailable("http.overloaded",
                              "The server holds as much for its clients as http.buffer_bytes "
                              "allows; try again shortly."));
    flush();
}

// What the last request needed goes back: the next one may be long in coming.
void Connection::rest() {
    exchange_.reset();
    output_.release();
    incoming_->parser.release();
    may_hold();
}

void Connection::end() {
    phase_ = Phase::ending;
    flush();
}

void Connection::linger() {
    if (tls_ && tls_->end() == TlsStep::needs_output)
        return wait_until_writable();
    tls_.reset();
    if (input_ended_)
        return close();
    phase_ = Phase::lingering;
    since_ = loop_->tick();
    ::shutdown(socket_.native_handle(), SHUT_WR);
    if (!reading_)
        discard(0);
}

void Connection::discard(std::size_t bytes) {
    discarded_bytes_ += bytes;
    if (input_ended_ || discarded_bytes_ > linger_bytes)
        return close();
    read_into(loop_->scratch());
}

void Connection::sweep() {
    const auto& options = loop_->options();
    if (blocked_) {  // What the client sends now waits until it has taken what it asked for.
        if (is_older(last_out_, options.write_idle_seconds))
            reset();
    } else if (phase_ == Phase::head) {
        sweep_head();
    } else if (phase_ == Phase::body) {
        sweep_body();
    } else if (phase_ == Phase::handshake || phase_ == Phase::lingering) {
        sweep_edge();
    } else if (phase_ == Phase::handling && has_gone()) {
        close();
    }
}

void Connection::sweep_edge() {
    const auto linger = loop_->draining() ? drain_linger_seconds : linger_seconds;
    const bool begins = phase_ == Phase::handshake;
    if (is_older(since_, begins ? loop_->tls()->handshake_limit().count() : linger))
        close();
}

// Reset, or shut down by both: nothing is read meanwhile, so nothing else would tell.
bool Connection::has_gone() {
    pollfd asked{socket_.native_handle(), 0, 0};
    return ::poll(&asked, 1, 0) == 1 && (asked.revents & (POLLERR | POLLHUP)) != 0;
}

// Whoever takes nothing would take no end either, and the kernel would keep what was written for
// it.
void Connection::reset() {
    const ::linger at_once{1, 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
}

// In the kernel: the client has taken no more for as long as it may be idle.
bool Connection::has_untaken() {
    int bytes = 0;
    return ::ioctl(socket_.native_handle(), SIOCOUTQ, &bytes) == 0 && bytes > 0;
}

void Connection::sweep_head() {
    const auto& options = loop_->options();
    if (!is_idle()) {
        if (is_older(since_, options.header_seconds))
            time_out("The headers of this request took longer than http.header_seconds.");
        return;
    }
    const std::int64_t patience =
        loop_->draining() ? std::min<std::int64_t>(drain_idle_seconds, options.keep_alive_seconds)
                          : options.keep_alive_seconds;
    if (is_older(since_, patience))
        has_untaken() && !loop_->draining() ? reset() : end();
    else if (is_older(since_, rest_seconds))
        rest();
}

void Connection::sweep_body() {
    const auto& options = loop_->options();
    const auto& parser = incoming_->parser;
    const auto expected = std::max<std::uint64_t>(
        {parser.head().content_length, parser.body_bytes(), usual_body_bytes});
    const auto seconds = static_cast<std::int64_t>(
        static_cast<std::uint64_t>(options.body_seconds) * expected / usual_body_bytes);
    if (is_older(last_in_, options.body_idle_seconds))
        time_out("No byte of the body came for http.body_idle_seconds.");
    else if (is_older(since_, seconds))
        time_out("The body took longer than http.body_seconds allows for its length.");
}

void Connection::time_out(const char* message) {
    refuse(Error(ErrorKind::request_timeout, "http.request_timeout", message));
    flush();
}

bool Connection::is_older(std::uint64_t stamp, std::int64_t seconds) const {
    return loop_->tick() - stamp > static_cast<std::uint64_t>(seconds);
}

}  // namespace bulkhead::http
