#pragma once

#include <bulkhead/result.hpp>

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <span>

namespace bulkhead::module {

/// A worker process and the pipe on which it says, once, whether it is ready. Not for more than one
/// thread: the kernel ends the process together with the thread that started it.
class Child {
public:
    /// Starts `program worker --config FILE --listening 3,4 --ready 5 --text 6`: standard streams,
    /// these descriptors and nothing else are inherited. The last one is a file in memory with
    /// `text`, the configuration as it was when it was accepted: what FILE says by now may be
    /// broken. A program that cannot be executed says so on the pipe. Refused only if there is no
    /// process, pipe or memory to be had.
    static Result<Child> start(const std::filesystem::path& program,
                               const std::filesystem::path& config, const std::string& text,
                               std::span<const int> listening);
    Child(Child&& other) noexcept;
    Child& operator=(Child&& other) noexcept;
    ~Child();  ///< closes the pipe; the process goes on

    pid_t pid() const { return pid_; }
    void signal(int number) const;

    /// Readable when read_line() has news; -1 once all has been said.
    int ready_descriptor() const { return ready_descriptor_; }
    /// What the process said: "ready", or why it will not be. Never blocks; empty until the line is
    /// whole or the pipe has ended.
    std::optional<std::string> read_line();

private:
    Child(pid_t pid, int ready_descriptor) : pid_(pid), ready_descriptor_(ready_descriptor) {}
    void close();

    pid_t pid_;
    int ready_descriptor_;
    std::string said_;
};

/// What a process ended with, for people: "exit status 1", "signal 9 (Killed)".
std::string ending_of(int wait_status);

/// The file of the running program as it was when first asked, so that a file put in its place
/// becomes the next worker.
const std::filesystem::path& running_program();

}  // namespace bulkhead::module
