#include "http/query.hpp"
#include "value/limits.hpp"

#include <bulkhead/base64url.hpp>
#include <bulkhead/routes.hpp>

#include <algorithm>

namespace bulkhead {
namespace {

const Field* find(const Table& table, std::string_view name) {
    const auto found = std::ranges::find(table.fields, name, &Field::name);
    return found == table.fields.end() ? nullptr : &*found;
}

bool takes(const Route& route, std::string_view name) {
    return std::ranges::any_of(route.query,
                               [&](const Table* table) { return find(*table, name) != nullptr; });
}

std::string unknown_parameter_text(const Route& route, std::string_view name) {
    std::string text = "There is no query parameter '" + std::string(name) + "' here; ";
    std::string_view separator = "valid are: ";
    for (const Table* table : route.query)
        for (const Field& field : table->fields) {
            text.append(separator).append(field.name);
            separator = ", ";
        }
    return text += route.query.empty() ? "this route takes none." : ".";
}

/// Reads one parameter into its field; `seen` has a mark for each field of the table.
std::optional<Violation> read_parameter(const http::QueryParameter& parameter, const Field& field,
                                        std::vector<bool>::reference seen, void* value) {
    if (seen)
        return Violation{{}, "duplicate", "is given more than once"};
    seen = true;
    if (!parameter.value)
        return Violation{{}, "format", "has a '%' without two hexadecimal digits after it"};
    Violation violation;
    auto* member = static_cast<std::byte*>(value) + field.offset;
    if (value::read_text_into(*field.type, field.limits, *parameter.value, member, violation))
        return {};
    return violation;
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t";
    const auto first = std::min(text.find_first_not_of(blank), text.size());
    text.remove_prefix(first);
    return text.substr(0, text.find_last_not_of(blank) + 1);
}

bool is_json_type(std::string_view media_type) {
    constexpr std::string_view application = "application/";
    return media_type == "application/json" ||
           (media_type.starts_with(application) && media_type.ends_with("+json") &&
            media_type.size() > application.size() + std::string_view("+json").size());
}

/// Whether a parameter such as `charset=utf-8` leaves the body to be UTF-8; others do not matter.
bool is_harmless(std::string_view parameter) {
    constexpr std::string_view charset = "charset=";
    if (!parameter.starts_with(charset))
        return true;
    parameter.remove_prefix(charset.size());
    return parameter == "utf-8" || parameter == "\"utf-8\"";
}

// RFC 9110, 8.3.1: type, subtype and charset are case-insensitive.
bool is_json(std::string_view content_type) {
    std::string lowered(content_type);
    std::ranges::transform(lowered, lowered.begin(), lower);
    std::string_view rest = lowered;
    const auto media_type = rest.substr(0, rest.find(';'));
    rest.remove_prefix(media_type.size());
    bool harmless = true;
    while (!rest.empty()) {
        rest.remove_prefix(1);
        const auto parameter = rest.substr(0, rest.find(';'));
        rest.remove_prefix(parameter.size());
        harmless = harmless && is_harmless(trimmed(parameter));
    }
    return harmless && is_json_type(trimmed(media_type));
}

Error unsupported_media(std::optional<std::string_view> content_type) {
    std::string found = "none";
    if (content_type)
        found = "'" + std::string(value::front_of(*content_type, value::quoted_bytes)) + "'";
    return {ErrorKind::unsupported_media, "http.unsupported_media_type",
            "This route takes Content-Type: application/json in UTF-8; found " + found + "."};
}

Error bad_cursor() {
    return Error::malformed(
        "http.bad_cursor",
        "This cursor was not given out by this list; leave it out to begin at the start.");
}

}  // namespace

namespace detail {

Result<> read_path(const Request& request, std::string_view name, const Type& type, void* value) {
    Violation violation;
    if (value::read_text_into(type, Limits{}, request.path_parameter(name), value, violation))
        return Done{};
    return Error::not_found("http.not_found", "There is nothing at this address: the segment '" +
                                                  std::string(name) + "' " + violation.message +
                                                  ".");
}

Result<> read_query(const Request& request, const Table& table, void* value) {
    auto error = Error::malformed("http.invalid_parameter",
                                  "A query parameter is not as required; `details` names it.");
    std::vector<bool> seen(table.fields.size());
    for (const auto& parameter : http::query_parameters(request.query)) {
        const Field* field = find(table, parameter.name);
        if (!field || error.violations.size() == value::max_violations)
            continue;
        const auto index = static_cast<std::size_t>(field - table.fields.data());
        if (auto violation = read_parameter(parameter, *field, seen[index], value)) {
            violation->field = field->name;
            error.violations.push_back(*std::move(violation));
        }
    }
    if (error.violations.empty())
        return Done{};
    return error;
}

Result<> refuse_unknown_parameters(const Request& request, const Route& route) {
    if (route.takes_request)
        return Done{};
    for (const auto& parameter : http::query_parameters(request.query))
        if (!takes(route, parameter.name)) {
            const std::string name(value::front_of(parameter.name, value::quoted_bytes));
            return Error::malformed("http.unknown_parameter", unknown_parameter_text(route, name))
                .with({name, "unknown", "is unknown here"});
        }
    return Done{};
}

Result<> read_body(const Request& request, const Type& type, void* value) {
    if (request.body.empty())
        return Error::malformed("http.malformed_json",
                                "The body is empty; this route takes a JSON object.");
    const auto content_type = request.header("content-type");
    if (!content_type || !is_json(*content_type))
        return unsupported_media(content_type);
    return json::read_into(request.body, type, value);
}

}  // namespace detail

Result<> Page::decode_cursor(const Type& key, void* value) const {
    const auto text = from_base64url(cursor);
    if (!text || !json::read_into(*text, key, value))
        return bad_cursor();
    return Done{};
}

std::string Page::encode_cursor(const Type& key, const void* value) {
    std::string text;
    json::write(text, key, value);
    return to_base64url(text);
}

}  // namespace bulkhead
