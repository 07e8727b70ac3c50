#pragma once

#include "http/server.hpp"
#include "module/line_channel.hpp"

#include <bulkhead/result.hpp>

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <span>

namespace bulkhead::module {

/// A worker process and the channel on which it reports and is told. Not for more than one thread:
/// the kernel ends the process together with the thread that started it.
class Child {
public:
    /// Starts `program worker --config FILE --listening 3,4 --tls 5 --control 6 --text 7`: standard
    /// streams, these descriptors and nothing else are inherited; sockets by their roles, which are
    /// named only if there is one. The last is a file in memory with `text`, the configuration as
    /// it was when it was accepted: what FILE says by now may be broken. `first_line` is waiting
    /// for it on the channel. A program that cannot be executed is reported there as a refusal.
    /// Refused only if there is no process, socket or memory to be had.
    static Result<Child> start(const std::filesystem::path& program,
                               const std::filesystem::path& config, const std::string& text,
                               std::span<const http::Listening> listening,
                               std::string_view first_line);

    /// What a worker does in a copy of this process, with listening sockets and a channel of its
    /// own.
    using Work = std::function<int(std::vector<http::Listening>, int control)>;
    /// Starts a worker of the program that runs already, which is spared loading itself and reading
    /// its configuration again: a copy of this process, with the same descriptors and no others,
    /// does `work` and ends with what that returns.
    static Result<Child> copy(std::span<const http::Listening> listening,
                              std::string_view first_line, const Work& work);

    pid_t pid() const { return pid_; }
    void signal(int number) const;
    LineChannel& channel() { return channel_; }
    const LineChannel& channel() const { return channel_; }

private:
    static Result<Child> begin(std::array<int, 2> ends, std::string_view first_line,
                               const std::function<void()>& become);
    Child(pid_t pid, LineChannel channel) : pid_(pid), channel_(std::move(channel)) {}

    pid_t pid_;
    LineChannel channel_;
};

/// What a process ended with, for people: "exit status 1", "signal 9 (Killed)".
std::string ending_of(int wait_status);

/// The file of the running program as it was when first asked, so that a file put in its place
/// becomes the next worker.
const std::filesystem::path& running_program();

}  // namespace bulkhead::module
