#pragma once
// The command line as a whole: which command was meant, what it came to.

#include <bulkhead/result.hpp>

#include <CLI/App.hpp>

#include <filesystem>
#include <functional>
#include <map>

namespace bulkhead::app {

constexpr int exit_done = 0;
constexpr int exit_refused = 1;
constexpr int exit_usage = 2;

/// What any command may be told.
struct CommandOptions {
    std::filesystem::path config = "plugins.toml";
    bool json = false;
};

/// Does what a command is for and returns the exit status; a refusal becomes one sentence on
/// standard error and exit status 1.
using Run = std::function<Result<int>(const CommandOptions& options)>;

class Program {
public:
    Program();

    /// Adds a command, and within a group ("migrate") one of its own commands.
    CLI::App& add(const std::string& name, const std::string& summary, Run run);
    CLI::App& add_group(const std::string& name, const std::string& summary);
    CLI::App& add(CLI::App& group, const std::string& name, const std::string& summary, Run run);
    /// Lets a command take --json.
    void offer_json(CLI::App& command);

    /// Runs the command that the arguments name; returns the exit status.
    int run(int argc, char** argv);

private:
    Result<int> run_parsed();
    const CLI::App& chosen() const;

    CLI::App root_;
    CommandOptions options_;
    std::map<const CLI::App*, Run> runs_;
};

/// Refused by the command line itself.
Error refusal(std::string sentence);
/// Message, violations and detail of a refusal as one sentence for the administrator.
std::string sentence_of(const Error& error);

}  // namespace bulkhead::app
