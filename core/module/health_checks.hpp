#pragma once
// What the running modules say of themselves, asked so that none of them can hold up the answer.

#include <bulkhead/result.hpp>

#include <chrono>
#include <functional>
#include <future>
#include <mutex>

namespace bulkhead::module {

struct HealthCheck {
    std::string module;
    std::function<Result<>()> ask;
};

/// Asks once: empty when the module can work, else why not. What it throws counts as a refusal. It
/// may read the database.
std::string why_unhealthy(const HealthCheck& check);

/// Any thread. A check that never ends keeps the destructor waiting, as a handler would.
class HealthChecks {
public:
    enum class Answer : std::uint8_t { healthy, unhealthy, silent };
    struct Finding {
        std::string_view module;
        Answer answer = Answer::healthy;
    };

    /// An answer is waited for for at most `patience` and kept for `kept`.
    HealthChecks(std::vector<HealthCheck> checks, std::chrono::milliseconds patience,
                 std::chrono::milliseconds kept = std::chrono::seconds(1));

    /// One for each check. Asks those whose answer is old, each on a thread of its own; one that
    /// has not answered in time is not asked again until it has. Changes are logged.
    std::vector<Finding> find();

private:
    using Clock = std::chrono::steady_clock;
    struct Patient {
        HealthCheck check;
        Answer answer = Answer::healthy;
        Clock::time_point asked{};
        std::future<std::string> pending{};
    };

    void ask(Patient& patient) const;
    void hear(Patient& patient) const;

    std::chrono::milliseconds kept_;
    std::chrono::milliseconds patience_;
    std::mutex guard_;
    std::vector<Patient> patients_;
};

}  // namespace bulkhead::module
