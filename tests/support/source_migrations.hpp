#pragma once

#include "db/migration_set.hpp"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <vector>

namespace bulkhead::test {

/// The migrations of all modules in this tree, read from their files: no two modules' own embedded
/// ones fit into one program.
class SourceMigrations {
public:
    SourceMigrations() {
        const auto modules = std::filesystem::path(BULKHEAD_SOURCE_DIR) / "modules";
        for (const auto& module : std::filesystem::directory_iterator(modules))
            if (std::filesystem::is_directory(module.path() / "migrations"))
                add(module.path().filename(), module.path() / "migrations");
    }
    SourceMigrations(const SourceMigrations&) = delete;
    SourceMigrations& operator=(const SourceMigrations&) = delete;

    /// The core's are among them.
    std::vector<db::MigrationSet> sets() const {
        std::vector<db::MigrationSet> sets{{"core", db::core_migrations()}};
        for (const auto& [module, migrations] : modules_)
            sets.push_back({module, migrations});
        return sets;
    }

private:
    void add(const std::string& module, const std::filesystem::path& folder) {
        constexpr std::string_view ending = ".up.sql";
        for (const auto& file : std::filesystem::directory_iterator(folder)) {
            const auto path = file.path().string();
            if (!path.ends_with(ending))
                continue;
            const auto stem = path.substr(0, path.size() - ending.size());
            modules_[module].push_back({keep(std::filesystem::path(stem).filename()),
                                        keep(read(path)), keep(read(stem + ".down.sql"))});
        }
    }
    static std::string read(const std::string& path) {
        std::ifstream file(path);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }

    std::deque<std::string> texts_;
    std::map<std::string, std::vector<Migration>> modules_;
};

}  // namespace bulkhead::test
