#pragma once

#include "http/exchange.hpp"

#include <atomic>
#include <deque>

namespace bulkhead::http {

struct Blueprint;
struct MiddlewareStatistics;

/// Whether a request goes further in, or has its reply.
enum class Step : std::uint8_t { proceed, answered };

/// One layer around every handler. Shared by all requests: const where it matters, any thread.
class Middleware {
public:
    virtual ~Middleware() = default;

    /// On the way in, on the thread of the connection: must not block. `answered` means that
    /// exchange.reply is complete; nothing further in is entered. Headers for a reply that is still
    /// to come belong into leave().
    virtual Step enter(Exchange&) { return Step::proceed; }

    /// On the way out, in reverse order, for every layer that was entered, whoever answered: on the
    /// connection's thread, a worker or the deadline's. A handler that was timed out may still read
    /// the exchange: change nothing but its reply and header_lines.
    virtual void leave(Exchange&) {}

    /// Called while an exception is being handled (`throw;` throws it again). True once `reply`
    /// answers it.
    virtual bool recover(const Exchange&, Reply&) { return false; }
};

/// The middleware of one application, in run order, outermost first.
class Chain {
public:
    /// Throws std::runtime_error with a sentence: a name is unknown or stands twice; routes with a
    /// scope exist, but `authenticate` and after it `authorize` are not in the list; a feature is
    /// configured as it cannot be served.
    explicit Chain(const Blueprint& blueprint);

    /// Enters all, or all up to the one that answers. An exception is answered, too. The exchange
    /// is new: its reply is empty.
    Step enter(Exchange& exchange) const;
    /// Leaves those that were entered. Never throws.
    void leave(Exchange& exchange) const;
    /// Within a catch block: the innermost layer that recovers answers; else it is a bare 500.
    void recover(const Exchange& exchange, Reply& reply) const;

    std::vector<MiddlewareStatistics> statistics() const;

private:
    struct Passage {
        Middleware* layer;
        std::size_t place;  ///< among layers_
    };

    void enter_each(Exchange& exchange, Step& step) const;

    struct Answers {
        std::string_view layer;
        std::atomic<std::uint64_t> count{0};
    };

    std::vector<std::unique_ptr<Middleware>> layers_;
    mutable std::deque<Answers> answers_;  ///< of each layer
    std::vector<Passage> entered_;         ///< those that do something on the way in, in run order
    std::vector<Passage> left_;  ///< those that do something on the way out, innermost first
};

}  // namespace bulkhead::http
