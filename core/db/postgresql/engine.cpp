#include "db/postgresql/engine.hpp"

#include "db/postgresql/wire.hpp"

#include <libpq-fe.h>
#include <algorithm>
#include <map>

namespace bulkhead::db::postgresql {

namespace {

using Settings = std::map<std::string, std::string>;

struct Free {
    void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

[[noreturn]] void refuse_url() {
    throw std::runtime_error(
        "'database.url' is no URL that PostgreSQL's client takes; expected "
        "postgresql://USER:PASSWORD@HOST:PORT/DATABASE, special signs of the password as %XX");
}

// libpq itself looks at it only when it connects.
bool is_port_list(std::string_view text) {
    return text.find_first_not_of("0123456789,") == std::string_view::npos;
}

Settings settings_in(const std::string& url) {
    char* reason = nullptr;
    const std::unique_ptr<PQconninfoOption, Free> parsed(PQconninfoParse(url.c_str(), &reason));
    if (parsed == nullptr) {
        PQfreemem(reason);  // It quotes the URL, password and all.
        refuse_url();
    }
    Settings settings;
    for (const auto* option = parsed.get(); option->keyword != nullptr; ++option)
        if (option->val != nullptr)
            settings.emplace(option->keyword, option->val);
    return settings;
}

std::string quoted(const std::string& value) {
    std::string text = "'";
    for (const char c : value) {
        if (c == '\'' || c == '\\')
            text += '\\';
        text += c;
    }
    return text + "'";
}

std::string conninfo_of(const Settings& settings) {
    std::string text;
    for (const auto& [keyword, value] : settings)
        text.append(keyword).append("=").append(quoted(value)).append(" ");
    return text;
}

std::string or_else(const Settings& settings, const std::string& keyword, std::string otherwise) {
    const auto found = settings.find(keyword);
    return found == settings.end() ? std::move(otherwise) : found->second;
}

}  // namespace

Engine::Engine(const Options& options) : options_(options) {
    auto settings = settings_in(options.url);
    if (!is_port_list(or_else(settings, "port", "")))
        refuse_url();
    place_ = or_else(settings, "host", "localhost") + ":" + or_else(settings, "port", "5432") +
             "/" + or_else(settings, "dbname", "");
    // libpq counts whole seconds, two at least; what is asked for here is only the default.
    settings.emplace("connect_timeout",
                     std::to_string(std::max(2, (options.connect_timeout_ms + 999) / 1'000)));
    settings.emplace("application_name", "bulkhead");
    settings.emplace("client_encoding", "UTF8");
    conninfo_ = conninfo_of(settings);
}

std::unique_ptr<db::Wire> Engine::connect(Role) {
    return std::make_unique<Wire>(conninfo_, place_, options_);
}

}  // namespace bulkhead::db::postgresql
