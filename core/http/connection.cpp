#include "http/connection.hpp"

#include <boost/asio/buffer.hpp>

#include <sys/ioctl.h>
#include <sys/socket.h>

namespace bulkhead::http {

namespace {

constexpr std::size_t least_room_bytes = 1'024;  // A read into less is a read too many.

/// Whether nobody else holds it. Copying first makes their last touch visible here: the copy is an
/// acquiring operation on the count, use_count() alone is not.
bool is_sole_owner(const std::shared_ptr<Exchange>& exchange) {
    return std::shared_ptr(exchange).use_count() == 2;
}

}  // namespace

Connection::Connection(Loop& loop, Socket socket, std::string address, Role role)
    : loop_(loop.shared_from_this()),
      socket_(std::move(socket)),
      address_(std::move(address)),
      incoming_(std::make_shared<Incoming>(loop.options())),
      phase_(role == Role::tls ? Phase::handshake : Phase::head),
      since_(loop.tick()) {
    loop.add(*this);
}

Connection::~Connection() {
    close();
}

void Connection::start() {
    phase_ == Phase::handshake ? await_handshake() : read();
}

void Connection::read() {
    if (reading_ || !is_receiving())
        return;
    auto& input = incoming_->input;
    if (is_idle())
        input.shrink();
    if (phase_ == Phase::head)
        input.make_room(least_room_bytes);
    if (!may_hold() && !is_idle())
        return refuse_growth();
    read_into(input.room());
}

void Connection::read_into(std::span<char> room) {
    reading_ = true;
    if (tls_)
        return read_encrypted(room);
    socket_.async_read_some(boost::asio::buffer(room.data(), room.size()),
                            [self = shared_from_this()](const auto& error, std::size_t bytes) {
                                self->reading_ = false;
                                self->finish_read(error, bytes);
                            });
}

void Connection::finish_read(const boost::system::error_code& error, std::size_t bytes) {
    if (phase_ == Phase::closed)
        return;
    if (error && error != boost::asio::error::eof)
        return close();
    input_ended_ = static_cast<bool>(error);
    if (phase_ == Phase::lingering)
        return discard(bytes);
    receive(bytes);
}

void Connection::receive(std::size_t bytes) {
    if (!is_receiving())
        return;
    if (phase_ == Phase::head && incoming_->input.unread().empty())
        since_ = loop_->tick();
    last_in_ = loop_->tick();
    incoming_->input.filled(bytes);
    advance();
}

// Answers what is there, writes it at once, and goes on until there is nothing to do but to wait.
void Connection::advance() {
    if (reading_)
        return;
    bool used_up = false;
    do {
        used_up = take_requests();
        moment_ = {};
        flush();
    } while (!used_up && !blocked_ && is_receiving());
    if (!used_up)
        return;
    if (input_ended_)
        finish_input();
    else
        read();
}

// False when replies have to go out before more is taken.
bool Connection::take_requests() {
    const auto limit = static_cast<std::size_t>(loop_->options().pipeline_bytes);
    while (is_receiving()) {
        if (output_.waiting_bytes() >= limit)
            return false;
        if (!take_step())
            break;
    }
    return true;
}

bool Connection::take_step() {
    auto& parser = incoming_->parser;
    const bool in_head = phase_ == Phase::head;
    switch (in_head ? parser.read_head() : parser.read_body()) {
        case Parsed::complete:
            return in_head ? begin_request() : handle();
        case Parsed::refused:
            return refuse(parser.error());
        case Parsed::need_more:
            break;
    }
    return false;
}

bool Connection::begin_request() {
    const auto& head = incoming_->parser.head();
    prepare_exchange();
    keeps_alive_ = head.keeps_alive;
    http_1_0_ = head.http_1_0;
    const auto limit = loop_->application().route(*exchange_);
    return head.has_body() ? begin_body(limit) : handle();
}

bool Connection::begin_body(std::size_t limit) {
    const auto& head = incoming_->parser.head();
    phase_ = Phase::body;
    since_ = last_in_ = loop_->tick();
    if (incoming_->parser.limit_body(limit) == Parsed::refused)
        return refuse(incoming_->parser.error());
    if (!head.expects_continue || incoming_->input.unread().size() > head.bytes)
        return true;
    if (exchange_->route == nullptr) {  // The answer is known without the body: do not ask for it.
        keeps_alive_ = false;
        return handle();
    }
    output_.text() += "HTTP/1.1 100 Continue\r\n\r\n";
    return true;
}

void Connection::prepare_exchange() {
    // A request that was there already begins when the one before it is done.
    const auto started = std::exchange(moment_, {});
    const auto now = started == Moment{} ? std::chrono::steady_clock::now() : started;
    if (exchange_ && (!was_shared_ || is_sole_owner(exchange_))) {
        renew(*exchange_, now);
    } else {
        exchange_ = std::make_shared<Exchange>();
        exchange_->started = now;
        exchange_->buffer = incoming_;
        exchange_->inquiries = loop_->inquiries();
        exchange_->answered = [self = shared_from_this()] { self->answered(); };
    }
    const auto& head = incoming_->parser.head();
    auto& request = exchange_->request;
    request.method = head.method;
    request.path = head.path;
    request.query = head.query;
    request.headers = head.headers;
    request.remote_address = address_;
    exchange_->secure = tls_ != nullptr;
    exchange_->request_bytes = head.bytes;
    was_shared_ = false;
}

bool Connection::handle() {
    const auto& parser = incoming_->parser;
    if (parser.head().has_body()) {
        exchange_->request.body = parser.body();
        exchange_->request_bytes += parser.body().size();
        exchange_->started = std::chrono::steady_clock::now();
    }
    return ask([this] { loop_->application().handle(exchange_); });
}

bool Connection::refuse(const Error& error) {
    if (phase_ == Phase::head)
        prepare_exchange();
    keeps_alive_ = false;
    return ask([&] { loop_->application().refuse(exchange_, error); });
}

bool Connection::ask(auto&& application) {
    phase_ = Phase::handling;
    answered_ = false;
    asking_ = true;
    application();
    asking_ = false;
    return answered_ && reply();
}

void Connection::answered() {
    if (loop_->is_current_thread() && asking_)
        answered_ = true;
    else
        loop_->deliver(shared_from_this());
}

void Connection::resume() {
    if (phase_ != Phase::handling)
        return;
    was_shared_ = true;
    reply();
    moment_ = {};
    advance();
}

bool Connection::reply() {
    const bool timed_out = exchange_->timed_out;
    keeps_alive_ &= !timed_out;
    if (keeps_alive_) {
        incoming_->parser.next();
        // While draining, a reply with nothing received behind it is the last.
        keeps_alive_ = !loop_->draining() || !incoming_->input.unread().empty() || has_unread();
    }
    const auto kept = http_1_0_ ? Persistence::keep_alive : Persistence::implied;
    loop_->writer().append(output_.text(), *exchange_, keeps_alive_ ? kept : Persistence::close);
    moment_ = exchange_->progress.finished;
    if (auto file = std::move(exchange_->file); exchange_->reply.body.empty())
        output_.append(std::move(file));
    if (timed_out)
        exchange_.reset();  // The handler still has it, and what it reads.
    phase_ = keeps_alive_ ? Phase::head : Phase::ending;
    since_ = loop_->tick();
    return keeps_alive_;
}

// In the kernel: nothing is read while a request is being answered.
bool Connection::has_unread() {
    int bytes = 0;
    const bool waiting = ::ioctl(socket_.native_handle(), FIONREAD, &bytes) == 0 && bytes > 0;
    return waiting || (tls_ && tls_->has_unread());
}

// The client sends nothing more; what it sent is answered.
void Connection::finish_input() {
    if (is_idle())
        return end();
    if (!is_receiving())
        return;
    refuse(Error::malformed("http.incomplete_request",
                            "The connection was shut down before the request was complete."));
    flush();
}

bool Connection::is_idle() const {
    return phase_ == Phase::head && incoming_->input.unread().empty();
}

void Connection::close() {
    if (phase_ == Phase::closed)
        return;
    phase_ = Phase::closed;
    tls_.reset();  // It must not touch the socket's number again, which may be another's.
    boost::system::error_code ignored;  // It is closed even then.
    socket_.close(ignored);
    if (exchange_)
        std::atomic_ref(exchange_->abandoned).store(true, std::memory_order_relaxed);
    exchange_.reset();
    loop_->hold(-std::exchange(held_bytes_, 0));
    loop_->remove(*this);
}

}  // namespace bulkhead::http
