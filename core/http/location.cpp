#include "http/location.hpp"

#include "value/percent.hpp"
#include "value/plain_text.hpp"

#include <algorithm>

namespace bulkhead::http {
namespace {

const Field* find(const Type& type, std::string_view name) {
    if (type.kind != Kind::object)
        return nullptr;
    const auto& fields = type.table().fields;
    const auto found = std::ranges::find(fields, name, &Field::name);
    return found == fields.end() ? nullptr : &*found;
}

bool fits_a_path(const Type& type) {
    return type.kind == Kind::atom || type.kind == Kind::text || type.kind == Kind::int32 ||
           type.kind == Kind::int64;
}

void append_field(std::string& out, const Field& field, const void* data) {
    const auto* member = static_cast<const std::byte*>(data) + field.offset;
    value::append_percent_encoded(out, value::plain_text_of(*field.type, member));
}

/// "/users/{id}" with the value's own fields in place of the names.
std::string filled(std::string_view pattern, const Type& type, const void* data) {
    std::string out;
    while (!pattern.empty()) {
        const auto plain = pattern.substr(0, pattern.find('{'));
        out += plain;
        pattern.remove_prefix(plain.size());
        if (pattern.empty())
            break;
        const auto name = pattern.substr(1, pattern.find('}') - 1);
        if (const Field* field = find(type, name))
            append_field(out, *field, data);
        pattern.remove_prefix(name.size() + 2);
    }
    return out;
}

/// "/api/v1" of "/api/v1/users"; empty for what lies outside of the versions.
std::string_view version_of(std::string_view pattern) {
    constexpr std::string_view before = "/api/v";
    if (!pattern.starts_with(before))
        return {};
    return pattern.substr(0, pattern.find('/', before.size()));
}

void require_fields(const Route& route, std::string_view pattern) {
    for (auto rest = pattern; rest.find('{') != std::string_view::npos;) {
        rest.remove_prefix(rest.find('{') + 1);
        const auto name = rest.substr(0, rest.find('}'));
        const Field* field = route.data ? find(*route.data, name) : nullptr;
        if (!field || !fits_a_path(*field->type))
            throw std::invalid_argument("location(\"" + std::string(pattern) + "\") of " +
                                        std::string(to_text(route.method)) + " " + route.pattern +
                                        ": the result has no field '" + std::string(name) +
                                        "' that can stand in a path");
    }
}

}  // namespace

std::string location_pattern(const Route& route, std::string pattern) {
    require_fields(route, pattern);
    return pattern.insert(0, version_of(route.pattern));
}

std::string location_of(const Route& route, const Request& request, const void* data) {
    if (!route.location.empty())
        return filled(route.location, *route.data, data);
    const Field* id = find(*route.data, "id");
    if (!id || !fits_a_path(*id->type))
        return {};
    auto location = encoded_path(request.path) += '/';
    append_field(location, *id, data);
    return location;
}

std::string encoded_path(std::string_view path) {
    std::string out;
    while (path.starts_with('/')) {
        path.remove_prefix(1);
        const auto segment = path.substr(0, path.find('/'));
        value::append_percent_encoded(out += '/', segment);
        path.remove_prefix(segment.size());
    }
    return out;
}

}  // namespace bulkhead::http
