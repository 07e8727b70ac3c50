#include "support/deployment.hpp"

#include <algorithm>
#include <fstream>

namespace {

std::string module_table(const std::string& name, const std::vector<std::string>& disabled) {
    const bool off = std::ranges::find(disabled, name) != disabled.end();
    return "[module." + name + "]\nenabled = " + (off ? "false" : "true") + "\n";
}

}  // namespace

Deployment::Deployment(const ServerSetup& setup) {
    configure(setup);
}

void Deployment::configure(const ServerSetup& setup) const {
    std::string text = "[server]\nlisten = \"" + setup.listen + "\"\n" + setup.server;
    const auto& url = setup.database_url.empty() ? database_url() : setup.database_url;
    text += "[database]\nmigrate = \"always\"\nurl = \"" + url + "\"\n" + setup.database;
    text += "[log]\naccess = false\n";
    text += "[modules]\ndirectory = \"" + setup.modules + "\"\n";
    for (const auto* name : {"users", "auth", "orders"})
        text += module_table(name, setup.disabled);
    text += "[module.auth.settings]\nhash_memory_kib = 8192\nhash_iterations = 1\n" + setup.tables;
    if (setup.tables.find("[rate_limit]") == std::string::npos)  // All clients are one address.
        text += "\n[rate_limit]\naddress_per_second = 0\ncaller_per_second = 0\n";
    configure_as(text);
}

void Deployment::configure_as(const std::string& text) const {
    std::ofstream(config()) << text;
}

Ended Deployment::run(std::vector<std::string> arguments, const std::string& input) const {
    arguments.insert(arguments.end(), {"--config", config()});
    return run_to_end(BULKHEAD_PROGRAM, std::move(arguments), {{}, folder(), input});
}
