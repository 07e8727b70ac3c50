#include "http/openapi_schema.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <cmath>

namespace bulkhead::http {
namespace {

namespace json = boost::json;

constexpr double largest_exact_integer = 9007199254740992.0;  // 2^53

/// A limit as people write it: 999, not 9.99E2.
json::value number(double limit) {
    if (std::trunc(limit) == limit && std::abs(limit) <= largest_exact_integer)
        return static_cast<std::int64_t>(limit);
    return limit;
}

json::object numeric(std::string_view type, std::string_view format, const Limits& limits) {
    json::object schema{{"type", type}, {"format", format}};
    if (std::isfinite(limits.minimum))
        schema["minimum"] = number(limits.minimum);
    if (std::isfinite(limits.maximum))
        schema["maximum"] = number(limits.maximum);
    return schema;
}

json::object text(const Limits& limits) {
    json::object schema{{"type", "string"}};
    if (!limits.format.empty())
        schema["format"] = limits.format;
    if (limits.min_length > 0)
        schema["minLength"] = limits.min_length;
    schema["maxLength"] = limits.max_length;
    return schema;
}

json::object atom(const Type& type) {
    json::object schema{{"type", "string"}};
    if (!type.format.empty())
        schema["format"] = type.format;
    if (!type.choices.empty())
        schema["enum"] = json::array(type.choices.begin(), type.choices.end());
    return schema;
}

json::value example_of(std::string_view text) {
    json::error_code error;
    auto example = json::parse(text, error);
    return error ? json::value(text) : example;
}

void annotate(json::object& schema, const Limits& limits) {
    if (!limits.description.empty())
        schema["description"] = limits.description;
    if (!limits.example.empty())
        schema["examples"] = json::array{example_of(limits.example)};
    if (limits.write_only)
        schema["writeOnly"] = true;
}

bool fits_a_name(char c) {
    const char lower = static_cast<char>(c | 0x20);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_';
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

/// "orders::PlaceOrder" as "orders.PlaceOrder".
std::string component_name(std::string_view type_name, std::string_view module) {
    std::string name(type_name);
    replace_all(name, "{anonymous}::", "");
    replace_all(name, "(anonymous namespace)::", "");
    if (name.find("::") == std::string::npos)
        name.insert(0, std::string(module) + "::");
    replace_all(name, "::", ".");
    std::ranges::replace_if(name, std::not_fn(fits_a_name), '_');
    return name;
}

}  // namespace

json::object Schemas::reference(std::string_view name) {
    return {{"$ref", "#/components/schemas/" + std::string(name)}};
}

void Schemas::add(std::string name, json::object schema) {
    components_.insert_or_assign(std::move(name), std::move(schema));
}

json::object Schemas::take() {
    json::object all;
    for (auto& [name, schema] : components_)
        all[name] = std::move(schema);
    return all;
}

json::object Schemas::of(const Type& type, const Limits& limits, std::string_view module) {
    auto schema = type.kind == Kind::optional ? nullable(*type.inner, limits, module)
                                              : plain(type, limits, module);
    annotate(schema, limits);
    return schema;
}

json::object Schemas::of_parameter(const Field& field, std::string_view module) {
    const Type& type = field.type->kind == Kind::optional ? *field.type->inner : *field.type;
    return plain(type, field.limits, module);
}

json::object Schemas::plain(const Type& type, const Limits& limits, std::string_view module) {
    switch (type.kind) {
        case Kind::boolean:
            return {{"type", "boolean"}};
        case Kind::int32:
            return numeric("integer", "int32", limits);
        case Kind::int64:
            return numeric("integer", "int64", limits);
        case Kind::number:
            return numeric("number", "double", limits);
        case Kind::text:
            return text(limits);
        case Kind::atom:
            return atom(type);
        case Kind::object:
            return component(type.table(), module);
        case Kind::list:
            return {{"type", "array"},
                    {"items", type.inner->kind == Kind::optional
                                  ? nullable(*type.inner->inner, limits, module)
                                  : plain(*type.inner, limits, module)},
                    {"minItems", limits.min_items},
                    {"maxItems", limits.max_items}};
        case Kind::optional:
            return nullable(*type.inner, limits, module);
    }
    __builtin_unreachable();
}

json::object Schemas::nullable(const Type& type, const Limits& limits, std::string_view module) {
    auto schema = plain(type, limits, module);
    if (!schema.contains("type"))
        return {{"anyOf", json::array{std::move(schema), json::object{{"type", "null"}}}}};
    schema["type"] = json::array{schema["type"], "null"};
    if (auto* choices = schema.if_contains("enum"))
        choices->as_array().push_back(nullptr);
    return schema;
}

json::object Schemas::component(const Table& table, std::string_view module) {
    const auto name = component_name(table.name, module);
    // Known before it is complete, so that a shape may hold itself.
    if (components_.try_emplace(name).second)
        components_[name] = shape_of(table, module);
    return reference(name);
}

json::object Schemas::shape_of(const Table& table, std::string_view module) {
    json::object properties;
    json::array required;
    for (const Field& field : table.fields) {
        properties[field.name] = of(*field.type, field.limits, module);
        if (field.type->kind != Kind::optional)
            required.push_back(json::value(field.name));
    }
    json::object schema{{"type", "object"}, {"properties", std::move(properties)}};
    if (!required.empty())
        schema["required"] = std::move(required);
    schema["additionalProperties"] = false;
    return schema;
}

}  // namespace bulkhead::http
