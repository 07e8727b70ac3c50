#include "commands.hpp"
#include "loaded.hpp"

#include <bulkhead/json.hpp>

#include <iostream>

namespace bulkhead::app {
namespace {

struct Report {
    bool ok = true;
    std::string config;
    std::vector<module::ModuleStatus> modules;

    static auto fields() {
        return shape(field("ok", &Report::ok), field("config", &Report::config),
                     field("modules", &Report::modules));
    }
};

bool must_run(const module::ModuleStatus& status) {
    return status.state != module::State::disabled && status.state != module::State::available;
}

// The names of the modules that ought to run and do not: "auth, orders".
std::string failing(const std::vector<module::ModuleStatus>& modules) {
    std::string list;
    for (const auto& status : modules)
        if (must_run(status) && status.state != module::State::running)
            list.append(list.empty() ? "" : ", ").append(status.name);
    return list;
}

// Late is better than never: it would be served.
void warn_of_certificate(const http::TlsContext* tls) {
    if (tls == nullptr)
        return;
    if (const auto warning = tls->certificate().warning_at(now()); !warning.empty())
        std::cerr << "bulkhead: " + warning + "\n";
}

Result<int> check(const CommandOptions& options) {
    const auto generation = load(options.config);
    if (!generation)
        return generation.error();
    warn_of_certificate((*generation)->tls().get());
    const auto& modules = (*generation)->modules();
    const auto names = failing(modules);
    if (options.json)
        std::cout << json::text_of(Report{names.empty(), options.config, modules}) << '\n';
    else
        std::cout << states_in_columns(modules);
    if (!names.empty())
        return refusal("enabled in " + options.config.string() + " but not running: " + names +
                       "; the list says why");
    return exit_done;
}

}  // namespace

void add_check(Program& program) {
    program.offer_json(program.add(
        "check", "Read the configuration and construct its modules, without database or port",
        check));
}

}  // namespace bulkhead::app
