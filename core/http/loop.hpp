#pragma once
// One I/O thread. Private to core/http: it shows Asio.

#include "http/application.hpp"
#include "http/inquiries.hpp"
#include "http/reply_writer.hpp"
#include "http/server.hpp"
#include "http/tally.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <mutex>
#include <thread>

namespace bulkhead::http {

class Connection;
using Socket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;
class Listener;

/// Its io_context, its connections, and a look at each of them once a second. Functions are for
/// its own thread, except where they say otherwise.
class Loop : public std::enable_shared_from_this<Loop> {
public:
    using Context = boost::asio::io_context;

    /// `tls`: for connections of Role::tls; null where there are none.
    Loop(const Options& options, Application& application, Tally& tally,
         std::shared_ptr<const TlsContext> tls);
    ~Loop();

    /// Before run(): also accepts from this socket, which stays the caller's. `take` gets each
    /// accepted one with its peer's address.
    void listen(int socket, std::function<void(int socket, std::string address)> take);

    /// The thread's work: returns after end(), when nothing is left open.
    void run();

    /// Any thread: runs `work` on this one. False once it has ended: then it never runs.
    bool post(std::function<void()> work);
    /// Any thread: connection.resume() on this one. Many in a row cost one wake-up.
    void deliver(std::shared_ptr<Connection> connection);
    /// Any thread: the connections here, those on their way included.
    std::size_t load() const { return load_.load(std::memory_order_relaxed); }
    void expect_connection() { load_.fetch_add(1, std::memory_order_relaxed); }

    void adopt(int socket, std::string address, Role role);
    void drain();
    void end();

    bool is_current_thread() const {
        return std::this_thread::get_id() == thread_.load(std::memory_order_relaxed);
    }
    bool draining() const { return draining_; }
    /// Seconds that this loop has seen pass. A stamp is at most as old as it says, so whatever is
    /// more than n stamps old is more than n seconds old.
    std::uint64_t tick() const { return tick_; }

    Context& context() { return context_; }
    Application& application() { return application_; }
    const Options& options() const { return options_; }
    const TlsContext* tls() const { return tls_.get(); }
    ReplyWriter& writer() { return writer_; }
    /// Null where no route is a query.
    Inquiries* inquiries() { return inquiries_.get(); }
    /// Where bytes go that nobody reads.
    std::span<char> scratch() { return scratch_; }

    /// Counts what connections hold for their clients; returns the sum over all loops.
    std::int64_t hold(std::int64_t more_bytes) { return tally_.hold(more_bytes); }

    void add(Connection& connection);
    void remove(Connection& connection);

private:
    void wait_for_tick();
    void sweep();
    void open_mailbox();
    void give_up(const std::string& why);
    void stop_listening();

    const Options options_;
    Application& application_;
    Tally& tally_;
    const std::shared_ptr<const TlsContext> tls_;
    Context context_;
    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>,
                                      Context::executor_type>
        timer_;
    ReplyWriter writer_;
    std::vector<std::unique_ptr<Listener>> listeners_;
    const std::unique_ptr<value::Reactor> reactor_;
    std::unique_ptr<Inquiries> inquiries_;  ///< from run() to end()
    std::vector<Connection*> connections_;
    std::array<char, 16'384> scratch_;
    std::atomic<std::thread::id> thread_;
    std::uint64_t tick_ = 0;
    bool draining_ = false;
    std::atomic<std::size_t> load_{0};

    std::mutex mutex_;    ///< for ended_ and mailbox_
    bool ended_ = false;  ///< changes on this thread only, which may look without the mutex
    std::vector<std::shared_ptr<Connection>> mailbox_;
    std::vector<std::shared_ptr<Connection>> opened_;  ///< the mailbox before, its memory kept
};

}  // namespace bulkhead::http
