#pragma once

#include "http/exchange.hpp"
#include "value/fast_lane.hpp"
#include "value/reactor.hpp"

namespace bulkhead::http {

/// What an application does for the exchanges that it leaves to an I/O thread. Nothing of it may
/// throw.
class Origin {
public:
    virtual ~Origin() = default;

    /// exchange.reply is complete.
    virtual void deliver(Exchange& exchange) = 0;
    virtual void expire(Exchange& exchange) = 0;
    virtual void abandon(Exchange& exchange) = 0;
    /// Within a catch block: answers the exception.
    virtual void recover(Exchange& exchange) = 0;
    /// To a worker, after all.
    virtual void pass_on(const std::shared_ptr<Exchange>& exchange) = 0;
    /// What was admitted for this route waits no more.
    virtual void release(const Exchange& exchange) = 0;
};

/// The requests of one I/O thread that its fast lane answers: each keeps its exchange until the
/// rows come, or its deadline. Of that thread.
class Inquiries final : public value::Receiver {
public:
    Inquiries(Origin& origin, const value::MakeLane& make, value::Reactor& reactor);

    /// What became of a request.
    enum class Outcome : std::uint8_t {
        asked,     ///< the origin hears of it
        answered,  ///< refused: the reply is complete
        declined   ///< a worker must do it
    };
    /// Throws db::Failure.
    Outcome ask(const detail::QueryForm& form, const std::shared_ptr<Exchange>& exchange);

    /// Once a second: whoever waits too long is answered.
    void sweep(std::chrono::steady_clock::time_point now);

    void take(value::Ticket ticket, const value::Rows& rows) override;
    void fail(value::Ticket ticket, const std::exception_ptr& failure) override;
    void give_back(value::Ticket ticket) override;
    std::string_view request_id(value::Ticket ticket) const override;

private:
    struct Inquiry {
        std::shared_ptr<Exchange> exchange;  ///< null: free, or answered by its deadline
        const detail::QueryForm* form = nullptr;
        std::int32_t limit = 0;
    };

    value::Ticket admit(const detail::QueryForm& form, const std::shared_ptr<Exchange>& exchange);
    std::shared_ptr<Exchange> retire(value::Ticket ticket);
    std::shared_ptr<Exchange> retire_wanted(value::Ticket ticket);

    Origin& origin_;
    std::deque<Inquiry> inquiries_;  ///< all that ever were, by ticket
    std::vector<value::Ticket> free_;
    std::unique_ptr<value::FastLane> lane_;  ///< last: it ends first
};

}  // namespace bulkhead::http
