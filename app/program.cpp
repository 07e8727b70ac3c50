#include "program.hpp"

#include "module/announce.hpp"
#include "usage.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <iostream>

namespace bulkhead::app {
namespace {

constexpr auto* config_hint = "--config FILE names the configuration, by default plugins.toml.";

}  // namespace

Program::Program() : root_("Bulkhead: a backend server made of modules.", "bulkhead") {
    root_.require_subcommand(1);
    root_.fallthrough();
    root_.set_version_flag("--version", BULKHEAD_VERSION);
    root_.add_option("--config", options_.config, "The configuration, a file")
        ->capture_default_str();
    root_.footer(
        "Every command takes --config and --help. Exit status: 0 done, 1 refused or failed, "
        "2 wrong usage.");
}

CLI::App& Program::add(const std::string& name, const std::string& summary, Run run) {
    return add(root_, name, summary, std::move(run));
}

CLI::App& Program::add_group(const std::string& name, const std::string& summary) {
    return *root_.add_subcommand(name, summary)->require_subcommand(1)->footer(config_hint);
}

CLI::App& Program::add(CLI::App& group, const std::string& name, const std::string& summary,
                       Run run) {
    auto* command = group.add_subcommand(name, summary);
    command->footer(config_hint);
    runs_.emplace(command, std::move(run));
    return *command;
}

void Program::offer_json(CLI::App& command) {
    command.add_flag("--json", options_.json, "JSON instead of columns");
}

int Program::run(int argc, char** argv) {
    const std::span<char*> arguments(argv, static_cast<std::size_t>(argc));
    if (const auto unknown = unknown_command(root_, arguments); !unknown.empty())
        return module::complain(unknown), exit_usage;
    try {
        root_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0)
            return root_.exit(error);  // --help, --version
        return module::complain(usage_sentence(root_, error)), exit_usage;
    }
    const auto status = run_parsed();
    if (!status)
        return module::complain(sentence_of(status.error())), exit_refused;
    if (!std::cout.flush())
        return module::complain("standard output cannot be written; is its disk full?"),
               exit_refused;
    return *status;
}

Result<int> Program::run_parsed() {
    try {
        return runs_.at(&chosen())(options_);
    } catch (const Fault& fault) {
        return refusal(fault.message + " (" + fault.what() + ")");
    } catch (const std::exception& error) {
        return refusal(error.what());
    }
}

const CLI::App& Program::chosen() const {
    const CLI::App* command = &root_;
    while (!command->get_subcommands().empty())
        command = command->get_subcommands().front();
    return *command;
}

Error refusal(std::string sentence) {
    return Error::invalid("cli.refused", std::move(sentence));
}

std::string sentence_of(const Error& error) {
    std::string sentence = error.message;
    for (const auto& violation : error.violations)
        sentence.append("; ").append(violation.field).append(" ").append(violation.message);
    if (!error.detail.empty())
        sentence.append(" (").append(error.detail).append(")");
    return sentence;
}

}  // namespace bulkhead::app
