#pragma once
// What the author of a module has: an installed Bulkhead, a shell, an empty folder.

#include "support/process.hpp"
#include "support/temporary_folder.hpp"

/// Installs the build under test into a folder of its own; `bulkhead` is on the shell's PATH.
class Workshop {
public:
    Workshop();

    std::filesystem::path folder() const { return folder_.path() / "work"; }
    std::filesystem::path program() const { return prefix() / "bin/bulkhead"; }
    /// Of a process that works in `folder`, below folder().
    ProcessOptions options(const std::filesystem::path& folder = {}) const;

    /// Runs a script to its end, by bash -eu.
    Ended run(const std::string& script, const std::filesystem::path& folder = {}) const;
    /// The same; throws with all that was printed unless it succeeds.
    std::string run_well(const std::string& script, const std::filesystem::path& folder = {}) const;

    std::string read(const std::filesystem::path& file) const;  ///< below folder()
    void write(const std::filesystem::path& file, const std::string& text) const;
    /// Replaces `what` in a file; throws unless it stands there exactly once.
    void replace(const std::filesystem::path& file, const std::string& what,
                 const std::string& with) const;

private:
    std::filesystem::path prefix() const { return folder_.path() / "installed"; }

    bulkhead::test::TemporaryFolder folder_;
};

/// A server started in a module's folder as its author does, standard error among its output.
class AuthorsServer {
public:
    /// Returns once it is ready. `arguments` follow `bulkhead serve`.
    AuthorsServer(const Workshop& workshop, const std::filesystem::path& folder,
                  const std::string& arguments = {});

    std::uint16_t port() const { return port_; }
    Process& process() { return process_; }
    /// Returns once the next generation serves and the one before has ended.
    void await_next_generation();

private:
    Process process_;
    std::uint16_t port_;
};
