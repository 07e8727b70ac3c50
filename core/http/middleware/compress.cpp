#include "http/middleware/compress.hpp"

#include "http/application.hpp"
#include "http/middleware/compress_codec.hpp"
#include "http/route_more.hpp"
#include "http/token.hpp"
#include "http/vary.hpp"

#include <algorithm>

namespace bulkhead::http {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view json_type = "application/json";
constexpr std::size_t line_bytes = "Content-Encoding: gzip\r\n"sv.size();

std::optional<Coding> coding_named(std::string_view name) {
    if (name == "gzip")
        return Coding::gzip;
    return name == "br" ? std::optional(Coding::br) : std::nullopt;
}

bool is_type(std::string_view text) {
    const auto slash = text.find('/');
    return slash != std::string_view::npos && is_token(text.substr(0, slash)) &&
           is_token(text.substr(slash + 1)) && text.find('*') == std::string_view::npos;
}

bool says(std::string_view list, std::string_view word) {
    bool found = false;
    for_each_element(list, [&](std::string_view element) {
        found = found || same_ignoring_case(element, word);
    });
    return found;
}

/// Whether its handler has decided already what goes over the wire.
bool is_settled(const Reply& reply) {
    return std::ranges::any_of(reply.headers, [](const auto& header) {
        const auto& [name, value] = header;
        return same_ignoring_case(name, "Content-Encoding") ||
               (same_ignoring_case(name, "Cache-Control") && says(value, "no-transform"));
    });
}

// The compressed text is another sequence of bytes: equal to the first in meaning alone (RFC 9110,
// 8.8.1), and no range of one is a range of the other.
void weaken(Reply& reply) {
    for (auto& [name, value] : reply.headers)
        if (same_ignoring_case(name, "ETag") && value.starts_with('"'))
            value.insert(0, "W/");
    std::erase_if(reply.headers, [](const auto& header) {
        return same_ignoring_case(header.first, "Accept-Ranges");
    });
}

/// Whether the client has the compressed text: then it asks by the weak tag that went with it, and
/// is to find the same one in the answer.
bool asks_by_weak_tag(const Exchange& exchange) {
    const auto& headers = exchange.reply.headers;
    const auto tag = std::ranges::find_if(
        headers, [](const auto& header) { return same_ignoring_case(header.first, "ETag"); });
    const auto condition = exchange.request.header("If-None-Match");
    return tag != headers.end() && condition &&
           condition->find("W/" + tag->second) != std::string_view::npos;
}

bool is_below(std::string_view path, std::string_view top) {
    return path.starts_with(top) &&
           (path.size() == top.size() || top.ends_with('/') || path[top.size()] == '/');
}

}  // namespace

std::optional<WrongKey> wrong_key(const CompressionOptions& options) {
    for (const auto& name : options.encodings) {
        if (!coding_named(name))
            return wrong_value("compression.encodings", "must list br and gzip", name);
        if (std::ranges::count(options.encodings, name) > 1)
            return wrong_value("compression.encodings", "must list each encoding once", name);
    }
    for (const auto& type : options.types)
        if (!is_type(type))
            return wrong_value("compression.types",
                               "must list types such as \"text/html\", without parameters", type);
    for (const auto& path : options.except)
        if (!path.starts_with('/'))
            return wrong_value(
                "compression.except",
                "must list paths such as \"/api/v1/tokens\", from the first slash on", path);
    return std::nullopt;
}

bool Compress::has_work(const Blueprint& blueprint) {
    return !blueprint.features.compression.encodings.empty();
}

Compress::Compress(const Blueprint& blueprint) : options_(blueprint.features.compression) {
    for (const auto& name : options_.encodings)
        offered_.push_back(*coding_named(name));
    uncompressed_.push_back(false);
    for (const auto& route : blueprint.routes)
        uncompressed_.push_back(more_of(route).uncompressed);
    json_ = has_type(json_type);
}

bool Compress::has_type(std::string_view content_type) const {
    const auto type = trimmed(content_type.substr(0, content_type.find(';')));
    return (json_ && type.ends_with("+json")) ||
           std::ranges::any_of(options_.types, [type](std::string_view listed) {
               return same_ignoring_case(type, listed);
           });
}

bool Compress::is_excepted(const Exchange& exchange) const {
    return uncompressed_[exchange.progress.route_number] ||
           std::ranges::any_of(options_.except, [&](std::string_view top) {
               return is_below(exchange.request.path, top);
           });
}

bool Compress::may_compress(const Exchange& exchange) const {
    const auto& reply = exchange.reply;
    // These say Vary as the 200 would that they stand for (RFC 9110, 15.3.7 and 15.4.5).
    const bool stands_in = reply.status == 304 || reply.status == 206;
    if (!stands_in && reply.body.size() < static_cast<std::size_t>(options_.min_bytes))
        return false;
    return reply.status != 204 && has_type(reply.content_type) && !is_excepted(exchange) &&
           !is_settled(reply);
}

void Compress::leave(Exchange& exchange) {
    if (!may_compress(exchange))
        return;
    auto& reply = exchange.reply;
    vary_by(exchange, "Accept-Encoding");
    if (reply.status == 304) {
        if (asks_by_weak_tag(exchange))
            weaken(reply);
        return;
    }
    if (reply.status == 206)
        return;
    const auto coding = choose_coding(exchange.request.headers, offered_);
    if (coding == Coding::identity || reply.body.size() <= line_bytes)
        return;
    auto body = compressed(coding, reply.body, reply.body.size() - line_bytes, options_);
    if (!body)
        return;
    reply.body = *std::move(body);
    weaken(reply);
    exchange.header_lines +=
        coding == Coding::gzip ? "Content-Encoding: gzip\r\n" : "Content-Encoding: br\r\n";
}

}  // namespace bulkhead::http
