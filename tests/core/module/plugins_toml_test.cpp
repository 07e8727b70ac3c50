// plugins.toml as it is shipped is the manual of every key: complete, true, and with its limits.
#include "../../../modules/auth/settings.hpp"
#include "core/module/files.hpp"
#include "module/configuration.hpp"

#include <catch2/catch.hpp>
#include <sstream>

using namespace bulkhead;

namespace {

const std::filesystem::path shipped_file =
    std::filesystem::path(BULKHEAD_SOURCE_DIR) / "plugins.toml";

const config::Document& shipped() {
    static const auto document = [] {
        auto opened = config::Document::open(shipped_file);
        if (!opened)
            throw std::runtime_error(opened.error().message);
        return *std::move(opened);
    }();
    return document;
}

/// One table of the file and the struct that reads it.
struct Section {
    std::string path;
    const Type* type;
    std::string initial;  ///< the struct's initial values, as JSON
    std::string read;     ///< what the file makes of them, or the refusal
};

template <class Options>
Section section(std::string path, std::span<const std::string_view> children = {}) {
    Options options;
    auto initial = json::text_of(options);
    const auto done = shipped().read(path, table_of<Options>(), &options, children);
    return {std::move(path), &type_of<Options>(), std::move(initial),
            done ? json::text_of(options) : done.error().message};
}

std::vector<Section> sections() {
    static constexpr std::array<std::string_view, 1> settings{"settings"};
    return {section<module::ServerOptions>("server"),
            section<http::Options>("http"),
            section<http::TlsOptions>("tls"),
            section<http::ForwardedOptions>("forwarded"),
            section<http::SecurityHeaderOptions>("security_headers"),
            section<http::CorsOptions>("cors"),
            section<http::CompressionOptions>("compression"),
            section<http::RateLimitOptions>("rate_limit"),
            section<log::Options>("log"),
            section<db::Options>("database"),
            section<events::Options>("events"),
            section<cache::Options>("cache"),
            section<module::MiddlewareOptions>("middleware"),
            section<module::ModulesOptions>("modules"),
            section<module::ModuleOptions>("module.users", settings),
            section<module::ModuleOptions>("module.auth", settings),
            section<module::ModuleOptions>("module.orders", settings),
            section<auth::Settings>("module.auth.settings")};
}

// The comment on the line of a key, wherever the key is explained first.
std::string comment_on(const std::string& key) {
    std::istringstream lines(test::bytes_of(shipped_file));
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with(key + " ") && line.find('#') != std::string::npos)
            return line.substr(line.find('#'));
    return {};
}

std::string range_of(const Limits& limits) {
    std::ostringstream text;
    text << static_cast<std::int64_t>(limits.minimum) << '-'
         << static_cast<std::int64_t>(limits.maximum);
    return text.str();
}

}  // namespace

TEST_CASE("the shipped plugins.toml is accepted") {
    const auto configuration = module::load_configuration(shipped_file);

    if (!configuration)
        FAIL(configuration.error().message);
    CHECK(configuration->module.size() == 3);
}

TEST_CASE("every key stands in the shipped plugins.toml") {
    for (const auto& section : sections())
        for (const auto& field : section.type->table().fields) {
            const auto key = section.path + "." + std::string(field.name);
            INFO(key);
            CHECK(shipped().place(key) != shipped().place(section.path));
        }
}

TEST_CASE("every key of the shipped plugins.toml is known and has its default") {
    for (const auto& section : sections()) {
        INFO(section.path);
        CHECK(section.read == section.initial);
    }
}

TEST_CASE("every number of the shipped plugins.toml is explained with its limits") {
    for (const auto& section : sections())
        for (const auto& field : section.type->table().fields) {
            if (field.type->kind != Kind::int32 && field.type->kind != Kind::int64)
                continue;
            INFO(section.path << "." << field.name);
            CHECK_THAT(comment_on(std::string(field.name)),
                       Catch::Contains(range_of(field.limits)));
        }
}
