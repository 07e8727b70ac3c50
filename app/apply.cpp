#include "commands.hpp"
#include "module/admin_client.hpp"
#include "value/enum_name.hpp"

#include <bulkhead/json.hpp>

#include <iostream>

namespace bulkhead::app {
namespace {

struct Wanted {
    bool retry = false;
    bool wait = false;
};

// Longer than a server may be silent over an apply by its own limits.
std::chrono::seconds patience_for(const module::ServerOptions& server) {
    constexpr std::chrono::seconds margin{60};
    return margin + std::chrono::seconds(2 * server.drain_seconds + server.ready_seconds +
                                         server.probation_seconds);
}

void show(const module::AdminAnswer& answer, bool json) {
    if (json)
        std::cout << json::text_of(answer) << '\n' << std::flush;
    else if (answer.said)
        std::cout << *answer.said << '\n' << std::flush;
}

std::string list_of(const std::vector<std::string>& names) {
    std::string list;
    for (const auto& name : names)
        list.append(list.empty() ? "" : ", ").append(name);
    return list;
}

// "construct orders: REASON", where a crash's reason has the same place in other words.
std::string reason_with_place(const module::Stage& at, std::string_view reason) {
    const auto place = module::place_of(at) + ": ";
    if (reason.starts_with(place))
        reason.remove_prefix(place.size());
    return std::string(value::name_of(at.step)) + (at.module.empty() ? "" : " ") + at.module +
           ": " + std::string(reason);
}

// "construct orders: REASON; generation 3 goes on; what was applied to the database stays: ..."
std::string sentence_of(const module::ApplyOutcome& outcome) {
    auto sentence =
        outcome.failed_at ? reason_with_place(*outcome.failed_at, outcome.reason) : outcome.reason;
    if (sentence.ends_with('.'))
        sentence.pop_back();
    if (!outcome.started)  // Else it was rolled back, and the reason says to what.
        sentence += outcome.generation == 0
                        ? "; no generation serves"
                        : "; generation " + std::to_string(outcome.generation) + " goes on";
    if (!outcome.migrated.empty())
        sentence += "; what was applied to the database stays, and it accepts that: " +
                    list_of(outcome.migrated);
    return sentence;
}

Error no_server() {
    return refusal("no server runs for this configuration; start it with `bulkhead serve`");
}

Result<int> apply(const CommandOptions& options, const Wanted& wanted) {
    const auto configuration = module::load_configuration(options.config);
    if (!configuration)
        return refusal("configure: " + configuration.error().message +
                       "; nothing was applied, and a server that runs goes on");
    const auto answer =
        module::ask(*configuration, {module::AdminCommand::apply, wanted.retry, wanted.wait},
                    patience_for(configuration->server),
                    [&](const module::AdminAnswer& step) { show(step, options.json); });
    if (!answer)
        return answer.error();
    if (!*answer || !(*answer)->outcome)
        return no_server();
    const auto& outcome = *(*answer)->outcome;
    if (options.json)
        std::cout << json::text_of(outcome) << '\n';
    if (!outcome.applied)
        return refusal(sentence_of(outcome));
    if (!options.json && !outcome.reason.empty())
        std::cout << outcome.reason << '\n';
    return exit_done;
}

}  // namespace

void add_apply(Program& program) {
    auto wanted = std::make_shared<Wanted>();
    auto& command =
        program.add("apply", "Make the running server take what has changed, and say how that goes",
                    [wanted](const CommandOptions& options) { return apply(options, *wanted); });
    command.add_flag("--retry", wanted->retry,
                     "Release what is quarantined or was rolled back, and start in any case");
    command.add_flag("--wait", wanted->wait,
                     "Until the new generation has passed server.probation_seconds");
    program.offer_json(command);
}

}  // namespace bulkhead::app
