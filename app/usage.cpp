#include "usage.hpp"

#include "value/nearest.hpp"

namespace bulkhead::app {
namespace {

const CLI::App* command_in(const CLI::App& group, const std::string& name) {
    const auto found =
        group.get_subcommands([&](const CLI::App* command) { return command->get_name() == name; });
    return found.empty() ? nullptr : found.front();
}

std::vector<const CLI::App*> shown_in(const CLI::App& group) {
    return group.get_subcommands(
        [](const CLI::App* command) { return !command->get_group().empty(); });
}

std::vector<std::string_view> names_in(const CLI::App& group) {
    std::vector<std::string_view> names;
    for (const auto* command : shown_in(group))
        names.push_back(command->get_name());
    return names;
}

std::string no_such(const CLI::App& group, std::string_view found) {
    const auto prefix = group.get_parent() == nullptr ? "" : group.get_name() + " ";
    return "there is no command '" + prefix + std::string(found) + "'" +
           suggestion(found, names_in(group), prefix);
}

}  // namespace

std::string unknown_command(const CLI::App& root, std::span<char* const> arguments) {
    const auto* group = &root;
    for (std::size_t at = 1; at < arguments.size(); ++at) {
        const std::string_view argument = arguments[at];
        if (argument == "--config")
            ++at;  // Its value is no command.
        if (argument.starts_with('-'))
            continue;
        if (shown_in(*group).empty())
            return {};
        const auto* command = command_in(*group, std::string(argument));
        if (command == nullptr)
            return no_such(*group, argument);
        group = command;
    }
    return {};
}

std::string usage_sentence(const CLI::App& root, const CLI::ParseError& error) {
    std::string path = "bulkhead";
    const auto* command = &root;
    while (!command->get_subcommands().empty()) {
        command = command->get_subcommands().front();
        path += " " + command->get_name();
    }
    const bool missing = !shown_in(*command).empty() && error.get_name() == "RequiredError";
    const auto what = missing
                          ? "`" + path + "` needs a command" + suggestion({}, names_in(*command))
                          : std::string(error.what());
    return what + "; see `" + path + " --help`";
}

}  // namespace bulkhead::app
