#pragma once

#include "support/process.hpp"

/// A PostgreSQL server of this test's own, for tests that stop it or kill it; goes with the test.
/// Every call returns once what it says is so, and throws with what was printed if it fails.
class PostgresServer {
public:
    /// Starts.
    PostgresServer();
    ~PostgresServer();
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    /// Of an empty database, of a user who may do everything; the same for the whole life.
    const std::string& url() const { return url_; }

    /// Again, after stop() or kill(): the same data, the same port.
    void start();
    /// Sessions are ended and their transactions undone; what was committed is on the disk.
    void stop();
    /// SIGKILL to all of its processes.
    void kill();
    /// As if its machine hung, and went on (SIGSTOP, SIGCONT).
    void halt();
    void resume();
    /// Ends without a word to anybody; the next start recovers.
    void stop_immediately();
    /// ALTER SYSTEM SET; holds from the next start, or at once where the setting may.
    void set(const std::string& name, const std::string& value);
    /// From now on a commit is on the disk before it is acknowledged, as where it matters.
    void make_durable();
    /// One statement by psql; what it prints, without headings.
    std::string ask(const std::string& sql) const;
    /// Its folder of data and log, which its user can enter.
    std::filesystem::path place() const { return std::filesystem::canonical(folder_ / "place"); }
    /// psql, pg_dump and the like, of its version.
    static std::filesystem::path program(const std::string& name);
    /// What it logged so far, statements that failed among it.
    std::string log() const;

private:
    std::string run(std::vector<std::string> arguments) const;

    std::filesystem::path folder_;
    std::string url_;
};
