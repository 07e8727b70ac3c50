#pragma once

#include <string_view>

namespace bulkhead::module {

/// The worker's end of the supervisor's pipe, closed once something was said. Without one (-1), and
/// afterwards, a refusal goes to standard error.
class Readiness {
public:
    explicit Readiness(int descriptor) : descriptor_(descriptor) {}

    bool supervised() const { return supervised_; }
    /// From now on this process ends together with its supervisor.
    void follow_supervisor() const;
    /// False when the supervisor is gone.
    bool ready();
    /// Returns the exit status, 1.
    int refuse(std::string_view reason);

private:
    bool say(std::string_view text);

    int descriptor_;
    bool supervised_ = descriptor_ >= 0;
};

}  // namespace bulkhead::module
