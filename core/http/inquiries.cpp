#include "http/inquiries.hpp"

#include "http/query_route.hpp"
#include "log/log.hpp"

#include <atomic>

namespace bulkhead::http {

Inquiries::Inquiries(Origin& origin, const value::MakeLane& make, value::Reactor& reactor)
    : origin_(origin), lane_(make(reactor, *this)) {}

Inquiries::Outcome Inquiries::ask(const detail::QueryForm& form,
                                  const std::shared_ptr<Exchange>& exchange) {
    if (!lane_)
        return Outcome::declined;
    const auto ticket = admit(form, exchange);
    auto outcome = Outcome::answered;
    auto send = [&](const detail::Question& question) {
        inquiries_[ticket].limit = question.limit;
        outcome = lane_->ask(form, question, ticket) ? Outcome::asked : Outcome::declined;
    };
    try {
        form.ask(form, *exchange->route, exchange->request, exchange->reply,
                 {&send, [](void* object, const detail::Question& question) {
                      (*static_cast<decltype(send)*>(object))(question);
                  }});
    } catch (...) {
        retire(ticket);
        throw;
    }
    if (outcome != Outcome::asked)
        retire(ticket);
    return outcome;
}

value::Ticket Inquiries::admit(const detail::QueryForm& form,
                               const std::shared_ptr<Exchange>& exchange) {
    if (free_.empty()) {
        free_.push_back(static_cast<value::Ticket>(inquiries_.size()));
        inquiries_.emplace_back();
    }
    const auto ticket = free_.back();
    free_.pop_back();
    inquiries_[ticket] = {exchange, &form, 0};
    return ticket;
}

std::shared_ptr<Exchange> Inquiries::retire(value::Ticket ticket) {
    free_.push_back(ticket);
    return std::move(inquiries_[ticket].exchange);
}

// Null when nobody waits any more.
std::shared_ptr<Exchange> Inquiries::retire_wanted(value::Ticket ticket) {
    auto exchange = retire(ticket);
    if (exchange == nullptr)
        return nullptr;
    origin_.release(*exchange);
    exchange->progress.queries = 1;
    if (!std::atomic_ref(exchange->abandoned).load(std::memory_order_relaxed))
        return exchange;
    origin_.abandon(*exchange);
    return nullptr;
}

void Inquiries::take(value::Ticket ticket, const value::Rows& rows) {
    const auto inquiry = inquiries_[ticket];
    const auto exchange = retire_wanted(ticket);
    if (exchange == nullptr)
        return;
    const log::RequestScope scope(exchange->request.id);
    try {
        reply_rows(*inquiry.form, *exchange->route, exchange->request, rows, inquiry.limit,
                   exchange->reply);
    } catch (...) {
        origin_.recover(*exchange);
    }
    origin_.deliver(*exchange);
}

void Inquiries::fail(value::Ticket ticket, const std::exception_ptr& failure) {
    const auto exchange = retire_wanted(ticket);
    if (exchange == nullptr)
        return;
    const log::RequestScope scope(exchange->request.id);
    try {
        std::rethrow_exception(failure);
    } catch (...) {
        origin_.recover(*exchange);
    }
    origin_.deliver(*exchange);
}

void Inquiries::give_back(value::Ticket ticket) {
    if (const auto exchange = retire_wanted(ticket))
        origin_.pass_on(exchange);
}

std::string_view Inquiries::request_id(value::Ticket ticket) const {
    const auto& exchange = inquiries_[ticket].exchange;
    return exchange == nullptr ? std::string_view() : exchange->request.id;
}

void Inquiries::sweep(std::chrono::steady_clock::time_point now) {
    for (auto& inquiry : inquiries_)
        if (inquiry.exchange != nullptr && inquiry.exchange->progress.deadline <= now) {
            const auto due = std::move(inquiry.exchange);
            origin_.release(*due);
            origin_.expire(*due);
        }
    if (lane_)
        lane_->sweep();
}

}  // namespace bulkhead::http
