#pragma once
// Real processes for tests: started, listened to, signalled, and never left behind.

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

struct ProcessOptions {
    std::vector<std::pair<std::string, std::string>> environment{};  ///< added to the test's own
    std::filesystem::path folder{};     ///< to run in; empty: the test's
    std::string input{};                ///< its whole standard input
    std::chrono::seconds patience{30};  ///< how long each wait may take
};

struct Ended {
    int status;  ///< exit status, or 128 + the signal that ended it
    std::string output;
    std::string errors;
};

/// A process in a process group of its own. Whatever is left of the group is killed with it, and it
/// dies with the test. Every wait is bounded and throws with what was printed so far.
class Process {
public:
    Process(const std::filesystem::path& program, std::vector<std::string> arguments,
            const ProcessOptions& options = {});
    /// The same for a function of this program; it must return, and no other thread may run.
    explicit Process(const std::function<int()>& body);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    pid_t pid() const { return pid_; }
    void signal(int number) const;

    /// Waits for the next line on standard output that contains `text`; lines before it count as
    /// seen. Returns it whole.
    std::string wait_for_line(const std::string& text);
    /// Lines printed so far that contain `text`, seen or not.
    std::size_t count_of(const std::string& text) const;
    /// What was printed so far on standard output.
    std::string output() const;
    /// Waits for the end, and for the end of its output.
    Ended wait();

private:
    void start(const std::function<void()>& become, const std::string& input);
    void collect(int output, int errors);
    [[noreturn]] void give_up(const std::string& what) const;

    std::chrono::seconds patience_ = ProcessOptions().patience;
    pid_t pid_ = -1;
    int end_ = -1;  ///< a pidfd
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::string output_, errors_;
    std::size_t seen_ = 0;
    bool closed_ = false;
    std::thread collector_;
};

/// Starts a program and waits for its end.
Ended run_to_end(const std::filesystem::path& program, std::vector<std::string> arguments,
                 const ProcessOptions& options = {});

/// Whether a process, anybody's, ends within the bound of every wait.
bool ends(pid_t pid);

/// The whole number that a line of the log holds under this name: 0 if there is none.
std::int64_t number_in(const std::string& line, const std::string& name);
