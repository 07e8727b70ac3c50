#pragma once

#include "module/line_channel.hpp"
#include "module/messages.hpp"

namespace bulkhead::module {

/// A worker's end of the channel to its supervisor. Without a supervisor (-1) nothing is said, and
/// a refusal goes to standard error. One thread.
class Control {
public:
    explicit Control(int descriptor);

    bool supervised() const { return supervised_; }
    /// From now on this process ends together with its supervisor.
    void follow_supervisor() const;
    /// Waits for the supervisor's terms; without one, the defaults. Refused when it is gone.
    Result<Terms> terms();

    void entered(const Stage& stage);
    void migrated(const std::string& name);
    /// False when the supervisor is gone.
    bool serving(const Description& description);
    /// Returns the exit status, 1.
    int refuse(std::string_view reason);
    /// Dropped where the supervisor has not read the last ones yet.
    void count(const Counts& counts);

    /// Says that nothing is accepted any more, and nothing after that.
    void close() { channel_.close(); }

    /// To be polled for next_instruction(); -1 once there can be none.
    int descriptor() const { return channel_.descriptor(); }
    std::optional<Instruction> next_instruction();

private:
    bool say(const Report& report);

    LineChannel channel_;
    bool supervised_;
};

}  // namespace bulkhead::module
