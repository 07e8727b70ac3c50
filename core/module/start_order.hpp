#pragma once
// In which order modules start, and who cannot because something it needs does not run.

#include "module/generation.hpp"

namespace bulkhead::module {

/// Where each module stands while a generation is put together. Modules that may yet start count
/// as running.
class StartOrder {
public:
    void add(std::string name, std::vector<std::string> needs, State state);
    /// A module turned out not to run: its gate or its constructor said no.
    void change(const std::string& name, State state);

    /// Every module that may start, behind all that it needs; ties by name.
    std::vector<std::string> to_start() const;

    /// Why `name` is blocked, down to the cause, with the remedy: "orders needs users, which is
    /// disabled; ...", "orders needs stock, stock needs orders: ... (orders -> stock -> orders)".
    /// Empty when nothing blocks it.
    std::string blocked_by(const std::string& name) const;

private:
    struct Member {
        std::vector<std::string> needs;
        State state;
    };

    bool may_start(const std::string& name, const std::vector<std::string>& started) const;
    std::vector<std::string> chain_from(const std::string& name) const;

    std::map<std::string, Member> members_;
};

}  // namespace bulkhead::module
