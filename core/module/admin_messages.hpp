#pragma once
// What is said on the admin socket: one AdminRequest, then AdminAnswers until one is `done`.

#include "module/admin.hpp"
#include "module/messages.hpp"

namespace bulkhead::module {

/// One line of an answer: a description, and what stands around it.
constexpr std::size_t max_admin_answer_bytes = 2 * max_message_bytes;

struct AdminRequest {
    AdminCommand command = AdminCommand::status;
    bool retry = false;  ///< apply: release what is quarantined, and start even if nothing changed
    bool wait = false;   ///< apply: until the probation is over

    static auto fields() {
        return shape(field("command", &AdminRequest::command), field("retry", &AdminRequest::retry),
                     field("wait", &AdminRequest::wait));
    }
};

/// What an apply came to. `generation` serves now, whether it is the new one or the old one.
struct ApplyOutcome {
    bool applied = false;
    bool started = false;  ///< a new generation; else nothing had changed, or the log level alone
    std::int64_t generation = 0;    ///< 0: none serves
    std::int64_t milliseconds = 0;  ///< from its start until it was ready
    std::optional<Stage> failed_at;
    std::string reason;                 ///< one sentence
    std::vector<std::string> migrated;  ///< what was applied to the database and stays

    static auto fields() {
        return shape(
            field("applied", &ApplyOutcome::applied), field("started", &ApplyOutcome::started),
            field("generation", &ApplyOutcome::generation),
            field("milliseconds", &ApplyOutcome::milliseconds),
            field("failed_at", &ApplyOutcome::failed_at), field("reason", &ApplyOutcome::reason),
            field("migrated", &ApplyOutcome::migrated, items(0, max_migrated)));
    }
};

struct AdminAnswer {
    std::optional<std::string> said;  ///< for people: "load orders 1.1.0"
    std::optional<Stage> entered;
    std::optional<SupervisorStatus> status;
    std::optional<ApplyOutcome> outcome;
    bool done = false;

    static auto fields() {
        return shape(field("said", &AdminAnswer::said), field("entered", &AdminAnswer::entered),
                     field("status", &AdminAnswer::status), field("outcome", &AdminAnswer::outcome),
                     field("done", &AdminAnswer::done));
    }
};

}  // namespace bulkhead::module
