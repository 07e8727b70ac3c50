#pragma once
// One connection. Private to core/http: it shows Asio.

#include "http/loop.hpp"
#include "http/output.hpp"
#include "http/parser.hpp"
#include "http/tls_stream.hpp"

namespace bulkhead::http {

/// What a request's views point into: kept by its exchange too, so that a handler that outlives the
/// connection still reads valid memory.
struct Incoming {
    explicit Incoming(const Options& options) : parser(options, input) {}

    Input input;
    Parser parser;
};

/// Reads requests, has them answered one after the other, writes the replies in order. It stops
/// reading while a request is with a worker or too many replies wait. Functions are for its loop's
/// thread, except answered().
class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(Loop& loop, Socket socket, std::string address, Role role);
    ~Connection();

    void start();
    /// Any thread: the application has filled the reply.
    void answered();
    /// Goes on after answered() on another thread.
    void resume();
    /// Once a second: whoever takes too long is cut off.
    void sweep();
    void close();

    std::size_t place = 0;  ///< in the loop's list

private:
    using Moment = std::chrono::steady_clock::time_point;

    enum class Phase : std::uint8_t {
        handshake,  ///< of TLS, its first byte still to come or not
        head,       ///< between requests, or within a head
        body,       ///< routed, the body is coming in
        handling,   ///< with the application
        ending,     ///< the last reply is going out
        lingering,  ///< nothing more goes out; waiting for the client to see it
        closed
    };

    void read();
    void read_into(std::span<char> room);
    void finish_read(const boost::system::error_code& error, std::size_t bytes);
    void receive(std::size_t bytes);
    void advance();
    bool take_requests();
    // From here on, true: there may be more to do at once.
    bool take_step();
    bool begin_request();
    bool begin_body(std::size_t limit);
    bool handle();
    bool refuse(const Error& error);
    bool ask(auto&& application);
    bool reply();

    bool has_unread();
    bool has_untaken();
    void finish_input();
    void prepare_exchange();
    bool is_receiving() const { return phase_ == Phase::head || phase_ == Phase::body; }
    bool is_idle() const;

    bool may_hold();
    void refuse_growth();
    void rest();

    void flush();
    void wait_until_writable();
    void end();

    void await_handshake();
    void begin_handshake();
    void shake_hands();
    void wait_for_handshake(TlsStep step);
    void refuse_plain_text();
    void read_encrypted(std::span<char> room);
    void wait_to_decrypt(Socket::wait_type what, std::span<char> room);
    void decrypt(std::span<char> room);

    void linger();
    void discard(std::size_t bytes);

    bool has_gone();
    void reset();
    void sweep_edge();
    void sweep_head();
    void sweep_body();
    void time_out(const char* message);
    bool is_older(std::uint64_t stamp, std::int64_t seconds) const;

    const std::shared_ptr<Loop> loop_;
    Socket socket_;
    const std::string address_;
    const std::shared_ptr<Incoming> incoming_;
    Output output_;
    std::shared_ptr<Exchange> exchange_;
    bool was_shared_ = false;  ///< a worker has had exchange_, and may still hold it
    Moment moment_{};          ///< when the last reply was there, while nobody has waited since
    std::unique_ptr<TlsStream> tls_;  ///< null: plain, or before the handshake

    Phase phase_;
    bool reading_ = false;      ///< a read is under way: the input must not move
    bool input_ended_ = false;  ///< the client has shut down its side
    bool blocked_ = false;      ///< waiting until the client takes more
    bool asking_ = false;       ///< within a call to the application
    bool answered_ = false;     ///< ... which has answered at once
    bool keeps_alive_ = false;
    bool http_1_0_ = false;
    std::uint64_t since_ = 0;    ///< of this phase, or the first byte of a head
    std::uint64_t last_in_ = 0;  ///< a byte of the body came
    std::uint64_t last_out_ = 0;
    std::size_t discarded_bytes_ = 0;
    std::int64_t held_bytes_ = 0;  ///< as the loop knows it
};

}  // namespace bulkhead::http
