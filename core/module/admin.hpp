#pragma once
// The supervisor's admin socket: server.data/admin.sock, Unix, mode 0600. One request per
// connection, one line of JSON; the answers are lines of JSON, the last one says `done`.

#include "module/description.hpp"
#include "module/terms.hpp"

namespace bulkhead::module {

enum class AdminCommand : std::uint8_t { status, apply };
constexpr std::array<std::string_view, 2> names(AdminCommand) {
    return {"status", "apply"};
}

struct SupervisorStatus {
    std::int64_t pid = 0;
    std::int64_t generation = 0;  ///< that serves; 0: none
    std::int64_t worker = 0;      ///< its process
    std::int64_t draining = 0;    ///< old generations that have not ended yet
    bool on_probation = false;
    std::optional<Description> serving;
    std::vector<Quarantined> quarantined;

    static auto fields() {
        return shape(field("pid", &SupervisorStatus::pid),
                     field("generation", &SupervisorStatus::generation),
                     field("worker", &SupervisorStatus::worker),
                     field("draining", &SupervisorStatus::draining),
                     field("on_probation", &SupervisorStatus::on_probation),
                     field("serving", &SupervisorStatus::serving),
                     field("quarantined", &SupervisorStatus::quarantined, items(0, max_modules)));
    }
};

/// What the server of this configuration is doing; null when none is running. Refused when its
/// socket may not be opened by this user, or nobody answers in time.
Result<std::optional<SupervisorStatus>> ask_status(const Configuration& configuration);

}  // namespace bulkhead::module
