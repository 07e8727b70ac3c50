#include "module/configuration.hpp"

#include "db/pool.hpp"

#include "module/listeners.hpp"

#include <algorithm>
#include <array>
#include <thread>

namespace bulkhead::module {

namespace {

constexpr std::array<std::string_view, 16> sections{
    "server",     "http",   "tls",        "forwarded", "security_headers", "cors",   "compression",
    "rate_limit", "static", "middleware", "log",       "database",         "events", "cache",
    "modules",    "module"};
constexpr std::array<std::string_view, 1> left_to_the_module{"settings"};
// What /ready and the metrics call parts of the core.
constexpr std::array<std::string_view, 3> reserved_names{"core", "database", "generation"};

Error refused(const Configuration& configuration, const std::string& key, const std::string& why) {
    return Error::invalid("config.invalid", configuration.document->place(key) + ": " + why);
}

Result<> first_refusal(std::span<const Result<>> results) {
    const auto refusal = std::ranges::find_if(results, [](const auto& result) { return !result; });
    return refusal == results.end() ? Result<>(Done{}) : *refusal;
}

template <Shaped Options>
Result<> read(const Configuration& from, std::string_view path, Options& into,
              std::span<const std::string_view> children = {}) {
    return from.document->read(path, table_of<Options>(), &into, children);
}

/// The tables [section.<name>], each into its place in `tables`.
template <Shaped Options>
Result<> read_tables(const Configuration& from, const std::string& section,
                     std::map<std::string, Options>& tables,
                     std::span<const std::string_view> children = {}) {
    const auto names = from.document->tables_in(section);
    const std::vector<std::string_view> known(names.begin(), names.end());
    const Table no_keys("", {});
    if (auto done = from.document->read(section, no_keys, nullptr, known); !done)
        return done;
    for (const auto& name : names)
        if (auto done = read(from, section + "." + name, tables[name], children); !done)
            return done;
    return Done{};
}

Result<> read_features(const Configuration& from, http::Features& into) {
    const std::array results{read(from, "tls", into.tls),
                             read(from, "forwarded", into.forwarded),
                             read(from, "security_headers", into.security_headers),
                             read(from, "cors", into.cors),
                             read(from, "compression", into.compression),
                             read(from, "rate_limit", into.rate_limit),
                             read_tables(from, "static", into.files)};
    return first_refusal(results);
}

Result<> read_sections(Configuration& into) {
    const std::array results{read(into, "server", into.server),
                             read(into, "http", into.http),
                             read(into, "middleware", into.middleware),
                             read(into, "log", into.log),
                             read(into, "database", into.database),
                             read(into, "events", into.events),
                             read(into, "cache", into.cache),
                             read(into, "modules", into.modules),
                             read_features(into, into.features),
                             read_tables(into, "module", into.module, left_to_the_module)};
    return first_refusal(results);
}

Result<> check_listen(const Configuration& given) {
    for (const auto& [key, value, check] : listen_keys(given))
        if (auto done = check(key, value); !done)
            return refused(given, std::string(key), done.error().message);
    return Done{};
}

Result<> check_workers(const Configuration& given) {
    const auto workers = given.server.worker_count();
    if (given.server.worker_reserve < workers)
        return Done{};
    return refused(given, "server.worker_reserve",
                   "'server.worker_reserve' must be below the number of workers, " +
                       std::to_string(workers) + "; found " +
                       std::to_string(given.server.worker_reserve));
}

Result<> check_buffers(const Configuration& given) {
    const auto& http = given.http;
    if (http.buffer_bytes >= http.body_bytes)
        return Done{};
    return refused(given, "http.buffer_bytes",
                   "'http.buffer_bytes' must be at least 'http.body_bytes', " +
                       std::to_string(http.body_bytes) + ", or no such body is ever taken; found " +
                       std::to_string(http.buffer_bytes));
}

Result<> check_features(const Configuration& given) {
    if (const auto wrong = http::wrong_key(given.features))
        return refused(given, wrong->key, wrong->sentence);
    return Done{};
}

Result<> check_level(const Configuration& given) {
    const auto levels = log::names(LogLevel{});
    if (std::ranges::find(levels, given.log.level) != levels.end())
        return Done{};
    return refused(
        given, "log.level",
        "'log.level' must be debug, info, warning or error; found '" + given.log.level + "'");
}

Result<> check_database(const Configuration& given) {
    const auto sentence = db::wrong_url(given.database);
    return sentence.empty() ? Result<>(Done{}) : Result<>(refused(given, "database.url", sentence));
}

bool is_sha256(std::string_view text) {
    return text.empty() || (text.size() == 64 && text.find_first_not_of("0123456789abcdefABCDEF") ==
                                                     std::string_view::npos);
}

bool is_module_name(std::string_view name) {
    return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") ==
           std::string_view::npos;
}

Result<> check_modules(const Configuration& given) {
    for (const auto& [name, options] : given.module) {
        const auto table = "module." + name;
        if (!is_module_name(name))
            return refused(
                given, table,
                "'" + table + "': a module's name is lower-case letters, digits and underscores");
        if (std::ranges::find(reserved_names, name) != reserved_names.end())
            return refused(
                given, table,
                "'" + table + "': the core calls a part of its own so; name the module otherwise");
        if (!is_sha256(options.sha256))
            return refused(given, table + ".sha256",
                           "'" + table +
                               ".sha256' must be 64 hexadecimal digits, or empty; found '" +
                               options.sha256 + "'");
    }
    return Done{};
}

bool holds(const std::filesystem::path& folder, const std::filesystem::path& inner) {
    return std::ranges::mismatch(folder, inner).in1 == folder.end();
}

// Keys, the database's password and the like lie there, or the database itself.
std::string secret_in(const Configuration& given, const std::filesystem::path& served) {
    const auto folder = weakly_canonical(served);
    const auto data = weakly_canonical(given.document->folder() / given.server.data);
    if (holds(folder, data) || holds(data, folder))
        return "server.data";
    return holds(folder, weakly_canonical(given.document->folder())) ? "plugins.toml" : "";
}

// Not of a text that has served before: a worker that died must be replaced even if its folder of
// files is gone by now.
Result<> check_folders(const Configuration& given) {
    for (const auto& [name, options] : given.features.files) {
        const auto key = "static." + name + ".folder";
        if (!is_directory(given.document->folder() / options.folder))
            return refused(given, key,
                           "'" + key +
                               "' must be a folder that exists, relative to this file; "
                               "found '" +
                               options.folder + "'");
        if (const auto secret = secret_in(given, given.document->folder() / options.folder);
            !secret.empty())
            return refused(given, key,
                           "'" + key + "' must be a folder of its own, without " + secret +
                               " in it, which everybody could read; found '" + options.folder +
                               "'");
    }
    return Done{};
}

Result<> check_meaning(const Configuration& given) {
    for (const auto check : {check_listen, check_workers, check_buffers, check_features,
                             check_level, check_database, check_modules})
        if (auto done = check(given); !done)
            return done;
    return Done{};
}

}  // namespace

std::int32_t ServerOptions::worker_count() const {
    constexpr std::int32_t least = 8;
    constexpr std::int32_t per_core = 4;
    const auto cores = static_cast<std::int32_t>(std::thread::hardware_concurrency());
    return workers != 0 ? workers : std::max(least, per_core * cores);
}

std::filesystem::path Configuration::data_folder() const {
    return scratch.empty() ? document->folder() / server.data : scratch;
}

std::filesystem::path Configuration::module_directory() const {
    if (!modules.directory.empty())
        return document->folder() / modules.directory;
    const auto beside = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    const auto installed = beside.parent_path() / "lib/bulkhead/modules";
    return beside.filename() == "bin" && is_directory(installed) ? installed : beside / "modules";
}

Result<Configuration> load_configuration(const std::filesystem::path& file) {
    auto document = config::Document::open(file);
    if (!document)
        return std::move(document.error());
    auto configuration = configuration_of(*std::move(document));
    if (!configuration)
        return configuration;
    if (auto done = check_folders(*configuration); !done)
        return std::move(done.error());
    return configuration;
}

Result<Configuration> configuration_of(config::Document document) {
    Configuration configuration;
    configuration.document = std::make_shared<const config::Document>(std::move(document));
    if (auto done = configuration.document->allow_only(sections); !done)
        return std::move(done.error());
    if (auto done = read_sections(configuration); !done)
        return std::move(done.error());
    if (auto done = check_meaning(configuration); !done)
        return std::move(done.error());
    return configuration;
}

}  // namespace bulkhead::module
