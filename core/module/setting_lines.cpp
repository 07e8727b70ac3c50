#include "module/setting_lines.hpp"

#include "value/plain_text.hpp"

#include <algorithm>
#include <ranges>

namespace bulkhead::module {
namespace {

constexpr std::string_view hidden = "(hidden)";

constexpr std::array<std::string_view, 11> words_of_secrets{
    "secret", "secrets", "password", "passwords",  "passphrase", "token",
    "tokens", "key",     "keys",     "credential", "credentials"};
// "key_file" says where a secret lies and "token_issuer" who made it; neither is one.
constexpr std::array<std::string_view, 9> words_beside_secrets{
    "file", "path", "folder", "directory", "name", "id", "issuer", "audience", "type"};

std::vector<std::string_view> words_of(std::string_view key) {
    std::vector<std::string_view> words;
    for (const auto word : std::views::split(key.substr(key.rfind('.') + 1), '_'))
        words.emplace_back(word.begin(), word.end());
    return words;
}

bool is_one_of(std::string_view word, std::span<const std::string_view> words) {
    return std::ranges::find(words, word) != words.end();
}

bool speaks_of_a_secret(std::string_view key) {
    const auto words = words_of(key);
    return !is_one_of(words.back(), words_beside_secrets) &&
           std::ranges::any_of(
               words, [](std::string_view word) { return is_one_of(word, words_of_secrets); });
}

// RFC 3986, 3.2.1 and 3.4: user information, and whatever parameters a driver takes.
std::string without_credentials(const std::string& text) {
    const auto scheme = text.find("://");
    if (scheme == std::string::npos)
        return text;
    const auto authority = scheme + 3;
    // A password may hold any character, so that everything before the last '@' goes.
    const auto at = text.rfind('@');
    const auto rest = at == std::string::npos ? authority : at + 1;
    return text.substr(0, authority) + text.substr(rest, text.find_first_of("?#", rest) - rest);
}

class Lines {
public:
    explicit Lines(std::map<std::string, std::string> references)
        : references_(std::move(references)) {}

    void add(const std::string& key, const Table& table, const void* object) {
        for (const Field& field : table.fields)
            add(key + "." + std::string(field.name), field,
                static_cast<const std::byte*>(object) + field.offset);
    }
    std::vector<Setting> take() && { return std::move(lines_); }

private:
    void add(const std::string& key, const Field& field, const void* value) {
        const auto* type = field.type;
        while (value != nullptr && type->kind == Kind::optional) {
            value = type->get(value);
            type = type->inner;
        }
        if (value == nullptr)
            return;
        if (type->kind == Kind::object)
            return add(key, type->table(), value);
        const bool secret = field.limits.write_only || speaks_of_a_secret(key);
        lines_.push_back({key, text_of(key, *type, value, secret)});
    }

    std::string text_of(const std::string& key, const Type& type, const void* value, bool secret) {
        if (const auto found = references_.find(key); found != references_.end())
            return found->second;
        if (type.kind == Kind::list)
            return list_of(key, type, value, secret);
        // Numbers and choices are no secrets: "access_token_seconds".
        if (type.kind == Kind::text && secret && !static_cast<const std::string*>(value)->empty())
            return std::string(hidden);
        if (type.kind == Kind::text)
            return without_credentials(*static_cast<const std::string*>(value));
        return value::plain_text_of(type, value);
    }

    std::string list_of(const std::string& key, const Type& type, const void* list, bool secret) {
        std::string text;
        for (std::size_t index = 0; index < type.count(list); ++index) {
            text += index == 0 ? "" : ", ";
            text += element_of(key + "[" + std::to_string(index) + "]", *type.inner,
                               type.at(list, index), secret);
        }
        return "[" + text + "]";
    }

    // A list of tables is told by its lines; secrets in them are told as everywhere.
    std::string element_of(const std::string& key, const Type& type, const void* value,
                           bool secret) {
        if (type.kind != Kind::object)
            return text_of(key, type, value, secret);
        Lines members(references_);
        members.add(key, type.table(), value);
        std::string text;
        for (const auto& line : members.lines_)
            text.append(text.empty() ? "" : ", ")
                .append(line.key.substr(key.size() + 1) + " = " + line.value);
        return "{" + text + "}";
    }

    std::map<std::string, std::string> references_;
    std::vector<Setting> lines_;
};

}  // namespace

std::vector<Setting> setting_lines(const config::Document& document, std::string_view path,
                                   const Table& table, const void* options) {
    Lines lines(document.references());
    lines.add(std::string(path), table, options);
    return std::move(lines).take();
}

}  // namespace bulkhead::module
