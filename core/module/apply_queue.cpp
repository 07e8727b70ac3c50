#include "module/apply_queue.hpp"

#include <utility>

namespace bulkhead::module {
namespace {

AdminAnswer last_answer(const ApplyOutcome& outcome) {
    AdminAnswer answer;
    answer.outcome = outcome;
    answer.done = true;
    return answer;
}

AdminAnswer line_answer(const std::string& line, const std::optional<Stage>& entered) {
    AdminAnswer answer;
    answer.said = line;
    answer.entered = entered;
    return answer;
}

}  // namespace

void ApplyQueue::ask(const AdminServer::Asked& asked) {
    next_.wanted = true;
    next_.retry |= asked.request.retry;
    next_.clients.push_back({asked.client, asked.request.wait});
}

bool ApplyQueue::put_off(const std::string& why) {
    if (std::exchange(next_.put_off, true))
        return false;
    for (const auto& waiting : next_.clients)
        admin_.answer(waiting.client, line_answer(why, {}));
    return true;
}

bool ApplyQueue::begin() {
    current_ = std::exchange(next_, {});
    running_ = true;
    return current_.retry;
}

void ApplyQueue::say(const std::string& line, const std::optional<Stage>& entered) {
    for (const auto& waiting : current_.clients)
        admin_.answer(waiting.client, line_answer(line, entered));
}

void ApplyQueue::finish(const ApplyOutcome& outcome) {
    running_ = false;
    for (const auto& waiting : std::exchange(current_, {}).clients)
        if (waiting.until_proven && outcome.applied && outcome.started)
            until_proven_.push_back(waiting.client);
        else
            admin_.answer(waiting.client, last_answer(outcome));
}

void ApplyQueue::end_of_probation(const ApplyOutcome& outcome) {
    for (const auto client : std::exchange(until_proven_, {}))
        admin_.answer(client, last_answer(outcome));
}

void ApplyQueue::dismiss(const ApplyOutcome& outcome) {
    finish(outcome);
    end_of_probation(outcome);
    begin();
    finish(outcome);
}

}  // namespace bulkhead::module
