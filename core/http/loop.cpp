#include "http/loop.hpp"

#include "http/connection.hpp"
#include "http/listener.hpp"
#include "http/loop_reactor.hpp"
#include "value/alternate_stack.hpp"
#include "value/crash_signals.hpp"

#include <bulkhead/log.hpp>

#include <boost/asio/post.hpp>

#include <unistd.h>

#include <csignal>

namespace bulkhead::http {

namespace {

const Log& logger() {
    static const Log log("http");
    return log;
}

// Signals are for the thread that waits for them; those of a crash are for the one that crashes.
void hold_back_signals() {
    sigset_t held;
    sigfillset(&held);
    for (const int crash : value::crash_signals)
        sigdelset(&held, crash);
    pthread_sigmask(SIG_BLOCK, &held, nullptr);
}

}  // namespace

Loop::Loop(const Options& options, Application& application, Tally& tally,
           std::shared_ptr<const TlsContext> tls)
    : options_(options),
      application_(application),
      tally_(tally),
      tls_(std::move(tls)),
      context_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO),
      timer_(context_),
      reactor_(std::make_unique<LoopReactor>(*this)) {}

Loop::~Loop() = default;

void Loop::listen(int socket, std::function<void(int socket, std::string address)> take) {
    listeners_.push_back(std::make_unique<Listener>(context_, socket, std::move(take)));
}

void Loop::run() {
    const value::AlternateStack for_crashes;
    hold_back_signals();
    thread_.store(std::this_thread::get_id(), std::memory_order_relaxed);
    inquiries_ = application_.inquiries(*reactor_);
    for (const auto& listener : listeners_)
        listener->accept();
    wait_for_tick();
    for (;;) {
        try {
            context_.run();
            return;
        } catch (const std::exception& error) {
            // Out of memory, most likely: one connection lost is better than all of them.
            logger().error("a connection failed", {{"detail", error.what()}});
        }
    }
}

void Loop::wait_for_tick() {
    timer_.expires_after(std::chrono::seconds(1));
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error || ended_)
            return;
        wait_for_tick();
        sweep();
    });
}

void Loop::sweep() {
    ++tick_;
    writer_.set_date(std::time(nullptr));
    for (const auto& listener : listeners_)
        listener->resume();
    // Backwards, because one that closes gives its place to the last.
    for (auto place = connections_.size(); place-- > 0;) {
        const auto connection = connections_[place]->shared_from_this();
        connection->sweep();
    }
    if (inquiries_)
        inquiries_->sweep(std::chrono::steady_clock::now());
}

bool Loop::post(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    if (!ended_)
        boost::asio::post(context_, std::move(work));
    return !ended_;
}

void Loop::deliver(std::shared_ptr<Connection> connection) {
    const std::lock_guard lock(mutex_);
    if (ended_)
        return;
    mailbox_.push_back(std::move(connection));
    if (mailbox_.size() == 1)
        boost::asio::post(context_, [this] { open_mailbox(); });
}

void Loop::open_mailbox() {
    {
        const std::lock_guard lock(mutex_);
        opened_.swap(mailbox_);
    }
    for (const auto& connection : opened_)
        connection->resume();
    opened_.clear();
}

void Loop::adopt(int socket, std::string address, Role role) {
    Socket accepted(context_);
    boost::system::error_code error;
    accepted.assign(boost::asio::ip::tcp::v4(), socket, error);
    if (error)
        ::close(socket);
    if (error || ended_)  // It came after the end: nobody would close it any more.
        return give_up(error ? error.message() : std::string());
    std::shared_ptr<Connection> connection;
    try {
        connection =
            std::make_shared<Connection>(*this, std::move(accepted), std::move(address), role);
    } catch (const std::bad_alloc& failure) {
        return give_up(failure.what());
    }
    connection->start();
}

void Loop::give_up(const std::string& why) {
    if (!why.empty())
        logger().error("an accepted connection could not be served", {{"detail", why}});
    load_.fetch_sub(1, std::memory_order_relaxed);
    tally_.leave();
}

void Loop::add(Connection& connection) {
    connection.place = connections_.size();
    connections_.push_back(&connection);
}

void Loop::remove(Connection& connection) {
    connections_.back()->place = connection.place;
    connections_[connection.place] = connections_.back();
    connections_.pop_back();
    load_.fetch_sub(1, std::memory_order_relaxed);
    tally_.leave();
}

void Loop::stop_listening() {
    for (const auto& listener : listeners_)
        listener->close();
}

void Loop::drain() {
    draining_ = true;
    stop_listening();
}

void Loop::end() {
    std::vector<std::shared_ptr<Connection>> dropped;
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
        dropped.swap(mailbox_);
    }
    stop_listening();
    timer_.cancel();
    while (!connections_.empty())
        connections_.back()->shared_from_this()->close();
    inquiries_.reset();
}

}  // namespace bulkhead::http
