#include "http/openapi.hpp"

#include "http/openapi_schema.hpp"
#include "http/problem.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace bulkhead::http {
namespace {

namespace json = boost::json;

constexpr std::string_view json_type = "application/json";

// What the server itself may refuse; `default` stands for the codes of a module's own.
struct Refusal {
    int status;
    std::string_view description;
    bool (*applies)(const Route& route);
};

bool always(const Route&) {
    return true;
}
bool scoped(const Route& route) {
    return route.access == Access::scoped;
}
bool has_body(const Route& route) {
    return route.body != nullptr;
}
bool has_path(const Route& route) {
    return !route.path.empty();
}
bool writes(const Route& route) {
    return route.method != Method::get;
}
bool may_wait(const Route& route) {
    return !route.nonblocking;
}
bool may_be_unavailable(const Route& route) {
    return scoped(route) || may_wait(route);
}

constexpr std::array<Refusal, 11> refusals{
    {{400, "Cannot be read: broken JSON, an unknown or malformed parameter.", always},
     {401, "No valid credentials.", scoped},
     {403, "The caller lacks the scope.", scoped},
     {404, "There is nothing at this address, or it is not the caller's.", has_path},
     {409, "The present state does not permit it.", writes},
     {413, "The body is longer than this route takes.", has_body},
     {415, "The body is not application/json.", has_body},
     {422, "The body breaks a declared limit; `details` names each field.", has_body},
     {500, "Something went wrong in the server; nothing of it is shown.", always},
     {503, "Cannot be served now; see Retry-After.", may_be_unavailable},
     {504, "The request's deadline passed.", may_wait}}};

json::object content(json::object schema) {
    return {{json_type, json::object{{"schema", std::move(schema)}}}};
}

json::object text_schema() {
    return {{"type", "string"}};
}

/// An object that always has all of these; it may gain others, which clients ignore.
json::object whole_object(json::object properties) {
    json::array required;
    for (const auto& property : properties)
        required.push_back(json::value(property.key()));
    return {{"type", "object"},
            {"properties", std::move(properties)},
            {"required", std::move(required)}};
}

json::object error_schema() {
    auto violation = whole_object(
        {{"field", text_schema()}, {"code", text_schema()}, {"message", text_schema()}});
    auto error = whole_object(
        {{"code", text_schema()},
         {"message", text_schema()},
         {"details", json::object{{"type", "array"}, {"items", std::move(violation)}}}});
    return whole_object({{"success", json::object{{"const", false}}},
                         {"data", json::object{{"type", "null"}}},
                         {"error", std::move(error)},
                         {"meta", Schemas::reference("bulkhead.Meta")}});
}

json::object list_meta_schema() {
    auto schema =
        whole_object({{"request_id", text_schema()},
                      {"limit", json::object{{"type", "integer"}}},
                      {"next_cursor", json::object{{"type", json::array{"string", "null"}}}}});
    schema["properties"].as_object()["total"] = json::object{{"type", "integer"}};
    return schema;
}

json::object envelope(json::object data, const Route& route) {
    return whole_object(
        {{"success", json::object{{"const", true}}},
         {"data", std::move(data)},
         {"error", json::object{{"type", "null"}}},
         {"meta", Schemas::reference(route.lists ? "bulkhead.ListMeta" : "bulkhead.Meta")}});
}

/// How long a list is, its route decides; so only its elements are described.
json::object data_schema(const Route& route, Schemas& schemas) {
    auto schema = schemas.of(*route.data, Limits{}, route.module);
    schema.erase("minItems");
    schema.erase("maxItems");
    return schema;
}

json::object success(const Route& route, Schemas& schemas) {
    if (route.raw)
        return {{"description", "In a shape of its own, without the envelope."}};
    json::object response{{"description", std::string(reason_phrase(route.status))}};
    if (route.status == 201)
        response["headers"] = {
            {"Location", {{"schema", {{"type", "string"}, {"format", "uri-reference"}}}}}};
    if (route.data)
        response["content"] = content(envelope(data_schema(route, schemas), route));
    return response;
}

json::object response_reference(std::string_view name) {
    return {{"$ref", "#/components/responses/" + std::string(name)}};
}

json::object responses(const Route& route, Schemas& schemas) {
    json::object all{{std::to_string(route.status), success(route, schemas)}};
    for (const Refusal& refusal : refusals)
        if (refusal.applies(route)) {
            const auto status = std::to_string(refusal.status);
            all[status] = response_reference(status);
        }
    all["default"] = response_reference("default");
    return all;
}

json::array parameters(const Route& route, Schemas& schemas) {
    json::array all;
    for (const auto& [name, type] : route.path)
        all.push_back(json::object{{"name", name},
                                   {"in", "path"},
                                   {"required", true},
                                   {"schema", schemas.of(*type, Limits{}, route.module)}});
    for (const Table* table : route.query)
        for (const Field& field : table->fields) {
            json::object parameter{{"name", field.name}, {"in", "query"}};
            if (!field.limits.description.empty())
                parameter["description"] = field.limits.description;
            parameter["schema"] = schemas.of_parameter(field, route.module);
            all.push_back(std::move(parameter));
        }
    return all;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    return out;
}

/// "orders_get_orders_by_id" for GET /api/v1/orders/{id} of the module orders.
std::string operation_id(const Route& route) {
    std::string id = route.module + "_" + lower(to_text(route.method));
    std::string_view path = route.pattern;
    constexpr std::string_view prefix = "/api/v1/";
    if (path.starts_with(prefix))
        path.remove_prefix(prefix.size() - 1);
    for (const char c : path) {
        if (c == '/')
            id += '_';
        else if (c == '{')
            id += "by_";
        else if (c != '}')
            id += c == '.' || c == '-' ? '_' : c;
    }
    return id;
}

json::array security(const Route& route) {
    if (route.access != Access::scoped)
        return {};
    return {json::object{{"bearerAuth", json::array{json::value(route.scope)}}}};
}

json::object operation(const Route& route, Schemas& schemas) {
    json::object operation{{"operationId", operation_id(route)}};
    if (!route.summary.empty())
        operation["summary"] = route.summary;
    operation["tags"] = json::array{json::value(route.module)};
    operation["security"] = security(route);
    if (auto all = parameters(route, schemas); !all.empty())
        operation["parameters"] = std::move(all);
    if (route.body)
        operation["requestBody"] = {
            {"required", true},
            {"content", content(schemas.of(*route.body, Limits{}, route.module))}};
    operation["responses"] = responses(route, schemas);
    return operation;
}

/// By pattern, then by method, whatever order the modules were loaded in.
json::object paths(const std::deque<Route>& routes, Schemas& schemas) {
    std::map<std::string_view, std::map<Method, const Route*>> by_pattern;
    for (const Route& route : routes)
        if (route.handler.thunk != nullptr)  // Files are no API.
            by_pattern[route.pattern][route.method] = &route;
    json::object all;
    for (const auto& [pattern, methods] : by_pattern)
        for (const auto& [method, route] : methods) {
            auto& path = all[pattern];
            if (path.is_null())
                path.emplace_object();
            path.as_object()[lower(to_text(method))] = operation(*route, schemas);
        }
    return all;
}

json::array tags(const std::deque<Route>& routes) {
    std::set<std::string_view> modules;
    for (const Route& route : routes)
        modules.insert(route.module);
    json::array all;
    for (const auto module : modules)
        all.push_back(json::object{{"name", module}});
    return all;
}

json::object error_responses() {
    json::object all;
    const auto add = [&](std::string_view name, std::string_view description) {
        all[name] = {{"description", description},
                     {"content", content(Schemas::reference("bulkhead.Error"))}};
    };
    for (const Refusal& refusal : refusals)
        add(std::to_string(refusal.status), refusal.description);
    add("default", "Any other refusal, in the same envelope.");
    return all;
}

json::object components(Schemas& schemas) {
    schemas.add("bulkhead.Meta", whole_object({{"request_id", text_schema()}}));
    schemas.add("bulkhead.ListMeta", list_meta_schema());
    schemas.add("bulkhead.Error", error_schema());
    return {{"schemas", schemas.take()},
            {"responses", error_responses()},
            {"securitySchemes",
             {{"bearerAuth", {{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}}}}};
}

}  // namespace

std::string openapi(const std::deque<Route>& routes, std::string_view version) {
    Schemas schemas;
    json::object document{{"openapi", "3.1.0"},
                          {"info", {{"title", "Bulkhead"}, {"version", version}}},
                          {"tags", tags(routes)},
                          {"paths", paths(routes, schemas)}};
    document["components"] = components(schemas);
    return json::serialize(document);
}

}  // namespace bulkhead::http
