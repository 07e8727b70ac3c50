#include "support/postgres_server.hpp"

#include <unistd.h>

#include <atomic>
#include <fstream>
#include <stdexcept>

namespace {

// Beside the one that all tests share, so that both begin with the same template.
std::filesystem::path next_folder() {
    static std::atomic<int> made = 0;
    const auto name = std::to_string(::getpid()) + "-" + std::to_string(made++);
    return std::filesystem::path(BULKHEAD_BUILD_DIR) / "postgresql" / name;
}

}  // namespace

PostgresServer::PostgresServer() : folder_(next_folder()) {
    start();
}

PostgresServer::~PostgresServer() {
    try {
        run({"remove", folder_});
    } catch (const std::runtime_error&) {
        // It goes with this process: start() said so.
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void PostgresServer::start() {
    url_ = run({"start", folder_, std::to_string(::getpid())});
    url_.resize(url_.find('\n'));
}

void PostgresServer::stop() {
    run({"stop", folder_});
}

void PostgresServer::kill() {
    run({"kill", folder_});
}

void PostgresServer::halt() {
    run({"halt", folder_});
}

void PostgresServer::resume() {
    run({"resume", folder_});
}

void PostgresServer::stop_immediately() {
    run({"abort", folder_});
}

void PostgresServer::set(const std::string& name, const std::string& value) {
    ask("alter system set " + name + " = '" + value + "'");
    ask("select pg_reload_conf()");
}

void PostgresServer::make_durable() {
    for (const auto* setting : {"fsync", "full_page_writes", "synchronous_commit"})
        set(setting, "on");
}

std::string PostgresServer::ask(const std::string& sql) const {
    const auto ended =
        run_to_end(program("psql"), {url_, "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql});
    if (ended.status != 0)
        throw std::runtime_error("psql: " + ended.errors);
    return ended.output.substr(0, ended.output.rfind('\n'));
}

std::filesystem::path PostgresServer::program(const std::string& name) {
    static const std::filesystem::path programs = [] {
        const auto found = run_to_end("/bin/sh", {"-c", "ls -d /usr/lib/postgresql/*/bin"});
        return found.output.substr(0, found.output.find('\n'));
    }();
    return programs / name;
}

std::string PostgresServer::log() const {
    std::ifstream stream(folder_ / "place" / "log");
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::string PostgresServer::run(std::vector<std::string> arguments) const {
    static const auto program =
        std::filesystem::path(BULKHEAD_SOURCE_DIR) / "tools/lib/postgresql.sh";
    const auto ended = run_to_end(program, std::move(arguments));
    if (ended.status != 0)
        throw std::runtime_error("postgresql.sh: " + ended.output + ended.errors);
    return ended.output;
}
