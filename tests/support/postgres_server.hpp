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
    /// What it logged so far, statements that failed among it.
    std::string log() const;

private:
    std::string run(std::vector<std::string> arguments) const;

    std::filesystem::path folder_;
    std::string url_;
};
