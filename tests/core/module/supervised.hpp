#pragma once
// The supervisor with workers that are shell scripts: what it does when one is ready, slow, silent,
// deaf or dead does not depend on what a worker serves.

#include "module/admin_client.hpp"
#include "module/announce.hpp"
#include "module/supervisor.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"

#include <sys/stat.h>

#include <fstream>

namespace bulkhead::module {

inline const std::string ready =
    R"(echo '{"serving":{"modules":[],"routes":[],"settings":[]}}' >&4;)";
inline const std::string obedient = ready + "exec sleep 1000";
inline const std::string deaf = "trap '' TERM;" + ready + "exec sleep 1000";
inline constexpr auto* refusing = R"(echo '{"refusal":"the database is on fire"}' >&4; exit 1)";
inline constexpr auto* silent = "exit 3";
inline constexpr auto* hanging = "exec sleep 1000";
inline const std::string lingering = "trap '' TERM;" + ready + "read -r _ <gate; exit 0";
inline const std::string gated = "read -r _ <gate;" + ready + "exec sleep 1000";

/// A supervisor in a process of its own, whose workers do what `behave_as` said last.
class Supervised {
public:
    explicit Supervised(const std::string& behaviour) {
        ::mkfifo(path("gate").c_str(), 0600);
        write("program", "#!/bin/sh\ncd \"${0%/*}\" && . ./behaviour\n");
        ::chmod(path("program").c_str(), 0700);
        configure("drain_seconds = 0\nready_seconds = 30\n");
        behave_as(behaviour);
    }

    /// Written aside and renamed, as a worker may be about to read it.
    void behave_as(const std::string& behaviour) const {
        write("next", behaviour + "\n");
        std::filesystem::rename(path("next"), path("behaviour"));
    }
    void configure(const std::string& server_table) const {
        write("plugins.toml", "[server]\nlisten = \"127.0.0.1:0\"\n" + server_table);
    }
    /// What is to be applied differs from what serves.
    void change() {
        std::ofstream(path("plugins.toml"), std::ios::app) << "# " << ++changes_ << '\n';
    }
    Configuration configuration() const { return *load_configuration(path("plugins.toml")); }
    void open_gate() const { write("gate", "\n"); }
    std::string path(const std::string& name) const { return folder_.path() / name; }

    int supervise() const {
        auto supervisor =
            Supervisor::open(configuration(), path("plugins.toml"), {.program = path("program")});
        if (supervisor)
            return supervisor->run();
        complain(supervisor.error().message);
        return 1;
    }

private:
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(path(name)) << text;
    }

    test::TemporaryFolder folder_;
    int changes_ = 0;
};

inline pid_t pid_in(const std::string& line) {
    return static_cast<pid_t>(number_in(line, "pid"));
}

}  // namespace bulkhead::module
