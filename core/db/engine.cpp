#include "db/engine.hpp"

#include "db/postgresql/engine.hpp"
#include "db/sqlite/engine.hpp"

namespace bulkhead::db {

Prepared::~Prepared() = default;
Wire::~Wire() = default;
Engine::~Engine() = default;

std::unique_ptr<Engine> make_engine(const Options& options, const std::filesystem::path& folder) {
    const std::string_view url = options.url;
    const auto scheme = url.substr(0, std::min(url.find("://"), url.size()));
    if (scheme == "sqlite")
        return std::make_unique<sqlite::Engine>(options, folder);
    if (scheme == "postgresql" || scheme == "postgres")
        return std::make_unique<postgresql::Engine>(options);
    // Behind the scheme there may be a password.
    const auto found = scheme == url ? "no scheme" : "'" + std::string(scheme) + "://'";
    throw std::runtime_error(
        "'database.url' must be sqlite://PATH, such as "
        "sqlite://var/bulkhead.db, or "
        "postgresql://USER:PASSWORD@HOST:PORT/DATABASE; found " +
        found);
}

}  // namespace bulkhead::db
