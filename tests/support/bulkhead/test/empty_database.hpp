#pragma once
// The engine that tests run on is chosen by their environment:
//
//     BULKHEAD_TEST_ENGINE=sqlite        a file (the default)
//     BULKHEAD_TEST_ENGINE=postgresql    a database of a server, of which
//     BULKHEAD_TEST_POSTGRESQL=URL       is the URL, `file:PATH` for a file that holds it; its user
//                                        may create databases
//
// `postgresql.sh with COMMAND ...` starts a server, sets both and ends it again. It lies in
// tools/lib, installed in share/bulkhead.

#include <string>

namespace bulkhead::test {

/// False on SQLite. Throws std::runtime_error for an engine that there is not.
bool on_postgresql();

/// A database with nothing in it, which goes when this ends. Of one process: what a process left
/// behind goes with the next one's first.
class EmptyDatabase {
public:
    /// Throws std::runtime_error with a sentence and its remedy.
    EmptyDatabase();
    ~EmptyDatabase();
    EmptyDatabase(const EmptyDatabase&) = delete;
    EmptyDatabase& operator=(const EmptyDatabase&) = delete;

    /// As [database] takes it. On SQLite the file test.db, in the folder of whoever opens it.
    const std::string& url() const { return url_; }

private:
    std::string name_;
    std::string url_;
};

}  // namespace bulkhead::test
