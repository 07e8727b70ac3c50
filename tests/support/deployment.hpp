#pragma once
// The real program with a configuration, a database and a port of its own.

#include "support/process.hpp"
#include "support/temporary_folder.hpp"

#include <bulkhead/test/empty_database.hpp>

#include <cstdint>
#include <vector>

struct ServerSetup {
    bool seeded = false;  ///< migrated, and with the sample data
    bool single = false;  ///< `serve --single`
    std::string listen = "127.0.0.1:0";
    std::vector<std::string> disabled{};         ///< modules
    std::string server{};                        ///< further lines of [server]
    std::string tables{};                        ///< further tables, whole
    std::string modules = BULKHEAD_MODULES_DIR;  ///< their directory
    std::string database_url{};                  ///< instead of an empty database of its own
    std::string database{};                      ///< further lines of [database]
};

/// A temporary folder with a plugins.toml; hashes are as cheap as they may be, and no rate is
/// limited unless `tables` has a [rate_limit].
class Deployment {
public:
    explicit Deployment(const ServerSetup& setup = {});

    /// Replaces plugins.toml.
    void configure(const ServerSetup& setup) const;
    void configure_as(const std::string& text) const;

    std::filesystem::path folder() const { return folder_.path(); }
    const std::string& database_url() const { return empty_.url(); }
    std::filesystem::path config() const { return folder() / "plugins.toml"; }

    /// Runs `bulkhead ARGUMENTS --config plugins.toml` to its end.
    Ended run(std::vector<std::string> arguments, const std::string& input = {}) const;

private:
    bulkhead::test::TemporaryFolder folder_;
    bulkhead::test::EmptyDatabase empty_;
};
