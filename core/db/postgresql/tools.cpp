#include "db/postgresql/tools.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace bulkhead::db::postgresql {

namespace {

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

std::string quoted(const std::string& value) {
    std::string text = "'";
    for (const char c : value) {
        if (c == '\'' || c == '\\')
            text += '\\';
        text += c;
    }
    return text + "'";
}

bool is_plain(char sign) {
    const auto lower = static_cast<char>(sign | 0x20);
    return (lower >= 'a' && lower <= 'z') || (sign >= '0' && sign <= '9') ||
           std::string_view("_-./,:%@+=").find(sign) != std::string_view::npos;
}

bool is_plain_text(const std::string& text) {
    return !text.empty() && text.find_first_of("='") == std::string::npos &&
           std::ranges::all_of(text, is_plain);
}

std::string for_shell(const std::string& word) {
    if (!word.empty() && std::ranges::all_of(word, is_plain))
        return word;
    std::string text = "'";
    for (const char c : word)
        text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return text + "'";
}

std::string database_argument(const std::string& url) {
    std::string text;
    for (const auto& [keyword, value] : settings_in(url))
        if (!keyword.ends_with("password"))
            text.append(text.empty() ? "" : " ")
                .append(keyword)
                .append("=")
                .append(is_plain_text(value) ? value : quoted(value));
    return for_shell("--dbname=" + text);
}

}  // namespace

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
    if (const auto port = settings.find("port");
        port != settings.end() && !is_port_list(port->second))
        refuse_url();
    return settings;
}

std::string conninfo_of(const Settings& settings) {
    std::string text;
    for (const auto& [keyword, value] : settings)
        text.append(keyword).append("=").append(quoted(value)).append(" ");
    return text;
}

std::string dump_command(const std::string& url, const std::filesystem::path& file) {
    return "pg_dump --format=custom --file=" + for_shell(file.string()) + " " +
           database_argument(url);
}

std::string restore_command(const std::string& url, const std::filesystem::path& file) {
    return "pg_restore --clean --if-exists --no-owner --single-transaction " +
           database_argument(url) + " " + for_shell(file.string());
}

}  // namespace bulkhead::db::postgresql
