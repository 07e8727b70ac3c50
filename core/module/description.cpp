#include "module/description.hpp"

#include "module/secured.hpp"
#include "module/setting_lines.hpp"

#include <algorithm>

namespace bulkhead::module {
namespace {

void append(std::vector<Setting>& settings, std::vector<Setting> more) {
    std::ranges::move(more, std::back_inserter(settings));
}

std::vector<Setting> settings_of(const config::Document& document, const http::Features& given) {
    auto settings = setting_lines(document, "forwarded", given.forwarded);
    append(settings, setting_lines(document, "security_headers", given.security_headers));
    append(settings, setting_lines(document, "cors", given.cors));
    append(settings, setting_lines(document, "compression", given.compression));
    append(settings, setting_lines(document, "rate_limit", given.rate_limit));
    for (const auto& [name, options] : given.files)
        append(settings, setting_lines(document, "static." + name, options));
    return settings;
}

std::vector<Setting> settings_of(const Generation& generation) {
    const auto& given = generation.configuration();
    const auto& document = *given.document;
    auto settings = generation.module_settings();
    append(settings, setting_lines(document, "server", given.server));
    append(settings, setting_lines(document, "http", given.http));
    append(settings, settings_of(document, given.features));
    append(settings, tls_lines(given, generation.tls().get()));
    append(settings, setting_lines(document, "middleware", given.middleware));
    append(settings, setting_lines(document, "log", given.log));
    append(settings, setting_lines(document, "database", given.database));
    append(settings, setting_lines(document, "events", given.events));
    append(settings, setting_lines(document, "cache", given.cache));
    append(settings, setting_lines(document, "modules", given.modules));
    for (const auto& [name, options] : given.module)
        append(settings, setting_lines(document, "module." + name, options));
    std::ranges::sort(settings, {}, &Setting::key);
    return settings;
}

}  // namespace

RouteLine line_of(const Route& route) {
    return {std::string(to_text(route.method)), route.pattern, route.module,
            route.access == Access::scoped ? std::optional(route.scope) : std::nullopt,
            route.summary};
}

Description describe(Generation& generation) {
    std::vector<RouteLine> routes;
    for (const auto& route : generation.application().routes())
        routes.push_back(line_of(route));
    return {generation.modules(), std::move(routes), settings_of(generation)};
}

}  // namespace bulkhead::module
