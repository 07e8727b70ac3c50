#include "http/envelope.hpp"
#include "http/location.hpp"
#include "http/problem.hpp"

namespace bulkhead {

void http::begin_success(const Route& route, Reply& reply) {
    reply.status = route.status;
    reply.body += R"({"success":true,"data":)";
}

void http::end_data(const Request& request, Reply& reply) {
    reply.body += R"(,"error":null,"meta":{"request_id":)";
    json::write_text(reply.body, request.id);
}

void http::put_list_meta(std::int32_t limit, std::string_view next_cursor,
                         std::optional<std::int64_t> total, Reply& reply) {
    reply.body.append(R"(,"limit":)").append(std::to_string(limit));
    if (total)
        reply.body.append(R"(,"total":)").append(std::to_string(*total));
    reply.body += R"(,"next_cursor":)";
    if (next_cursor.empty())
        reply.body += "null";
    else
        json::write_text(reply.body, next_cursor);
}

void http::end_success(Reply& reply) {
    reply.body += "}}";
}

namespace detail {

void reply_error(const Error& error, const Request& request, Reply& reply) {
    reply = http::error_reply(error, request.id);
}

void reply_data(const Route& route, const Request& request, const void* data, Reply& reply) {
    http::begin_success(route, reply);
    json::write(reply.body, *route.data, data);
    http::end_data(request, reply);
    http::end_success(reply);
    if (route.status != 201)
        return;
    if (auto location = http::location_of(route, request, data); !location.empty())
        reply.headers.emplace_back("Location", std::move(location));
}

void reply_list(const Route& route, const Request& request, const void* items, std::int32_t limit,
                std::string_view next_cursor, std::optional<std::int64_t> total, Reply& reply) {
    http::begin_success(route, reply);
    json::write(reply.body, *route.data, items);
    http::end_data(request, reply);
    http::put_list_meta(limit, next_cursor, total, reply);
    http::end_success(reply);
}

}  // namespace detail
}  // namespace bulkhead
