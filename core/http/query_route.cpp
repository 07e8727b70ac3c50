#include "http/query_route.hpp"

#include "http/envelope.hpp"
#include "http/problem.hpp"
#include "http/route_more.hpp"

#include <bulkhead/base64url.hpp>

#include <algorithm>
#include <stdexcept>

namespace bulkhead {

namespace {

bool has_field(const Table& table, std::string_view name) {
    return std::ranges::find(table.fields, name, &Field::name) != table.fields.end();
}

[[noreturn]] void refuse(const Route& route, const std::string& why) {
    throw std::invalid_argument("the query of route " + std::string(to_text(route.method)) + " " +
                                route.pattern + " " + why);
}

void check_names(const Route& route, std::string_view sql, std::span<const std::string_view> names,
                 std::span<const Table* const> members) {
    std::size_t at = 0;
    for (auto name = detail::next_parameter(sql, at); !name.empty();
         name = detail::next_parameter(sql, at)) {
        const bool known =
            std::ranges::find(names, name) != names.end() ||
            std::ranges::any_of(members, [&](const Table* t) { return has_field(*t, name); });
        if (!known)
            refuse(route, "names :" + std::string(name) +
                              ", which neither its pattern nor its parameters have");
    }
}

void check_key(const Route& route, const detail::QueryForm& form) {
    if (form.key == nullptr)
        return;
    for (const auto& member : form.key->table().fields)
        if (!has_field(form.list->inner->table(), member.name))
            refuse(route, "has a cursor with \"" + std::string(member.name) +
                              "\", which its rows do not have");
}

/// `write_member(name, out)` appends a member of the row as JSON.
template <class WriteMember>
std::string cursor_of(const Type& key, WriteMember&& write_member) {
    const auto& table = key.table();
    std::string text;
    for (std::size_t index = 0; index < table.fields.size(); ++index) {
        text += index == 0 ? '{' : ',';
        text += table.labels[index];
        write_member(table.fields[index].name, text);
    }
    return to_base64url(text + "}");
}

void refuse_second_row(const detail::QueryForm& form) {
    throw db::Failure(db::FailureKind::usage,
                      "there is more than one row in: " + std::string(form.sql));
}

void reply_row(const detail::QueryForm& form, const Route& route, const Request& request,
               const value::Rows& rows, Reply& reply) {
    if (rows.count() == 0)
        return detail::reply_missing(form, request, reply);
    if (rows.count() > 1)
        refuse_second_row(form);
    http::begin_success(route, reply);
    rows.write(0, reply.body);
    http::end_data(request, reply);
    http::end_success(reply);
}

std::string cursor_behind(const detail::QueryForm& form, const value::Rows& rows, std::size_t row) {
    return cursor_of(*form.key, [&](std::string_view name, std::string& out) {
        rows.write_field(row, name, out);
    });
}

void write_list(const value::Rows& rows, std::size_t count, std::string& out) {
    char separator = '[';
    for (std::size_t row = 0; row < count; ++row) {
        out += separator;
        separator = ',';
        rows.write(row, out);
    }
    out += count == 0 ? "[]" : "]";
}

}  // namespace

const detail::QueryForm* http::query_form(const Route& route) {
    const auto& query = more_of(route).query;
    return query ? &*query : nullptr;
}

void http::reply_rows(const detail::QueryForm& form, const Route& route, const Request& request,
                      const value::Rows& rows, std::int32_t limit, Reply& reply) {
    if (!form.lists)
        return reply_row(form, route, request, rows, reply);
    const bool more = form.key != nullptr && rows.count() > static_cast<std::size_t>(limit);
    const auto count = more ? static_cast<std::size_t>(limit) : rows.count();
    begin_success(route, reply);
    write_list(rows, count, reply.body);
    end_data(request, reply);
    if (form.key != nullptr)
        put_list_meta(limit, more ? cursor_behind(form, rows, count - 1) : std::string(), {},
                      reply);
    end_success(reply);
}

namespace detail {

void declare_query(Route& route, const QueryForm& form, std::span<const std::string_view> names,
                   std::span<const Table* const> members) {
    check_names(route, form.sql, names, members);
    check_names(route, form.after, names, members);
    check_key(route, form);
    http::more_for(route).query = form;
}

const QueryForm& query_of(const Route& route) {
    return *http::query_form(route);
}

std::string cursor_behind(const QueryForm& form, const void* row) {
    const auto& table = form.list->inner->table();
    return cursor_of(*form.key, [&](std::string_view name, std::string& out) {
        const auto& field = *std::ranges::find(table.fields, name, &Field::name);
        json::write(out, *field.type, static_cast<const std::byte*>(row) + field.offset);
    });
}

void reply_missing(const QueryForm& form, const Request& request, Reply& reply) {
    reply = http::error_reply(
        Error::not_found(std::string(form.missing.code), std::string(form.missing.message)),
        request.id);
}

}  // namespace detail
}  // namespace bulkhead
