#pragma once
// Routes that are one SELECT and no code. On PostgreSQL they need no worker: the I/O thread sends
// the query and writes the rows into the reply as they come, many at once on one connection; on
// SQLite, and whenever that way is not free, an ordinary worker does it. Since SDK 1.1.
//
//     on.get("/products/{id}", query<Product, Path<"id", ProductId>>(
//                "select id, name, price from products where id = :id")).open();
//
// `:name` is the Path parameter, or the member of a Query<T>, of that name; `:caller` is the id of
// a Caller among the parameters. A name that the route does not have does not compile.

#include <bulkhead/database.hpp>
#include <bulkhead/routes.hpp>

namespace bulkhead {

/// The 404 of a query<T> without a row.
struct Missing {
    std::string_view code = "http.not_found";
    std::string_view message = "There is nothing at this address.";
};

/// The two statements of a list: the first page, and what follows the row at which one ended.
struct Pages {
    const char* first;
    const char* after;
};

namespace detail {

/// What one request asks of the database; valid within the call that it is given to.
struct Question {
    std::string_view sql;
    std::span<const db::Argument> arguments;
    std::int32_t limit = 0;  ///< items of a page
};

/// A reference to a callable that takes a Question.
struct Asking {
    void* object;
    void (*call)(void* object, const Question& question);
};

/// A query route with its types erased.
struct QueryForm {
    std::string_view sql;
    std::string_view after{};  ///< pages behind the first; empty where there are none
    Missing missing{};
    const Type* list = nullptr;  ///< of the rows
    const Type* key = nullptr;   ///< of a cursor; null where there are no pages
    bool lists = false;          ///< every row, rather than the only one
    std::shared_ptr<void> (*make_row)() = nullptr;
    /// Calls `asking`, or writes a refusal into the reply.
    void (*ask)(const QueryForm& form, const Route& route, const Request& request, Reply& reply,
                const Asking& asking) = nullptr;
};

/// Throws std::invalid_argument for a `:name` that neither the pattern nor `members` have, and for
/// a member of the key that a row does not have.
void declare_query(Route& route, const QueryForm& form, std::span<const std::string_view> names,
                   std::span<const Table* const> members);
const QueryForm& query_of(const Route& route);
/// meta.next_cursor behind this row.
std::string cursor_behind(const QueryForm& form, const void* row);
void reply_missing(const QueryForm& form, const Request& request, Reply& reply);

constexpr std::size_t behind(std::string_view sql, std::string_view end, std::size_t from) {
    const auto found = sql.find(end, from);
    return found == std::string_view::npos ? sql.size() : found + end.size();
}

/// Behind the quoted text, the comment or the cast that begins at `at`; `at` if none does.
constexpr std::size_t behind_opaque(std::string_view sql, std::size_t at) {
    const auto rest = sql.substr(at);
    if (rest.starts_with('\'') || rest.starts_with('"'))
        return behind(sql, rest.substr(0, 1), at + 1);
    if (rest.starts_with("--"))
        return behind(sql, "\n", at + 2);
    if (rest.starts_with("/*"))
        return behind(sql, "*/", at + 2);
    return rest.starts_with("::") ? at + 2 : at;
}

constexpr bool is_of_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// The next `:name` at or after `at`, which moves behind it; empty at the end.
constexpr std::string_view next_parameter(std::string_view sql, std::size_t& at) {
    while (at < sql.size()) {
        if (const auto next = behind_opaque(sql, at); next != at) {
            at = next;
            continue;
        }
        if (sql[at++] != ':')
            continue;
        const auto start = at;
        while (at < sql.size() && is_of_name(sql[at]))
            ++at;
        if (at > start)
            return sql.substr(start, at - start);
    }
    return {};
}

constexpr bool names_parameter(std::string_view sql, std::string_view name) {
    std::size_t at = 0;
    for (auto found = next_parameter(sql, at); !found.empty(); found = next_parameter(sql, at))
        if (found == name)
            return true;
    return false;
}

template <class P>
inline constexpr std::string_view argument_name = path_name<P>;
template <>
inline constexpr std::string_view argument_name<Caller> = "caller";

template <class P>
inline constexpr const Table& (*table_of_query)() = nullptr;
template <class F>
inline constexpr const Table& (*table_of_query<Query<F>>)() = table_of<F>;

using Arguments = std::vector<db::Argument>;

inline void add_fields(Arguments& arguments, const Table& table, const void* object) {
    for (const Field& field : table.fields) {
        auto& argument = arguments.emplace_back(field.name, std::string_view{});
        argument.type = field.type;
        argument.value = static_cast<const std::byte*>(object) + field.offset;
        argument.may_be_unused = true;
    }
}
template <Literal Name, class T>
void add_argument(Arguments& arguments, const Path<Name, T>& path) {
    arguments.emplace_back(Name.view(), path.value);
}
inline void add_argument(Arguments& arguments, const Caller& caller) {
    arguments.emplace_back(argument_name<Caller>, caller.id);
}
template <class F>
void add_argument(Arguments& arguments, const Query<F>& query) {
    add_fields(arguments, table_of<F>(), &query.value);
}

template <class... Ps>
void ask(const QueryForm& form, const Route& route, const Request& request, Reply& reply,
         const Asking& asking) {
    std::apply(
        [&](auto... slots) {
            if (!extract_all<Ps...>(route, request, reply, slots...))
                return;
            Arguments arguments;
            arguments.reserve(sizeof...(Ps));
            (add_argument(arguments, *slots), ...);
            asking.call(asking.object, {form.sql, arguments});
        },
        std::tuple<std::optional<Ps>...>());
}

template <class Key, class... Ps>
void ask_page(const QueryForm& form, const Route& route, const Request& request, Reply& reply,
              const Asking& asking) {
    std::apply(
        [&](auto page, auto... slots) {
            if (!extract_all<Page, Ps...>(route, request, reply, page, slots...))
                return;
            const auto after = page->template after<Key>();
            if (!after)
                return reply_error(after.error(), request, reply);
            Arguments arguments;
            (add_argument(arguments, *slots), ...);
            const auto rows = page->rows_to_fetch();
            arguments.emplace_back("limit", rows);
            if (*after)
                add_fields(arguments, table_of<Key>(), &**after);
            asking.call(asking.object, {*after ? form.after : form.sql, arguments, page->limit});
        },
        std::tuple<std::optional<Page>, std::optional<Ps>...>());
}

/// How rows of T are answered: the only one, all, or a page of them.
template <class T>
struct Answered {
    using Row = T;
    static constexpr bool lists = false;
    static void give(const QueryForm& form, const Route& route, const Request& request,
                     std::vector<T>& rows, std::int32_t, Reply& reply) {
        if (rows.empty())
            reply_missing(form, request, reply);
        else
            reply_data(route, request, &rows.front(), reply);
    }
};
template <class T>
struct Answered<std::vector<T>> {
    using Row = T;
    static constexpr bool lists = true;
    static void give(const QueryForm&, const Route& route, const Request& request,
                     std::vector<T>& rows, std::int32_t, Reply& reply) {
        reply_data(route, request, &rows, reply);
    }
};
template <class T>
struct Answered<Listing<T>> {
    using Row = T;
    static constexpr bool lists = true;
    static void give(const QueryForm& form, const Route& route, const Request& request,
                     std::vector<T>& rows, std::int32_t limit, Reply& reply) {
        std::string next_cursor;
        if (rows.size() > static_cast<std::size_t>(limit)) {
            rows.resize(static_cast<std::size_t>(limit));
            next_cursor = cursor_behind(form, &rows.back());
        }
        reply_list(route, request, &rows, limit, next_cursor, std::nullopt, reply);
    }
};

/// On a worker; the service of a query route is its module's database.
template <class T>
void call_query(const Handler& handler, const Route& route, const Request& request, Reply& reply) {
    using Row = typename Answered<T>::Row;
    const QueryForm& form = query_of(route);
    auto answer = [&](const Question& asked) {
        auto& session = static_cast<db::Database*>(handler.service)->session();
        auto rows = Answered<T>::lists ? session.rows<Row>(asked.sql, asked.arguments)
                                       : session.rows<Row>(asked.sql, asked.arguments, 1);
        Answered<T>::give(form, route, request, rows, asked.limit, reply);
    };
    form.ask(form, route, request, reply, {&answer, [](void* object, const Question& asked) {
                                               (*static_cast<decltype(answer)*>(object))(asked);
                                           }});
}

// Not defined on purpose, as those of PatternFor.
void the_SQL_names_a_parameter_that_the_route_does_not_have();
void the_SQL_does_not_name_a_parameter_of_the_route();

/// SQL that names the parameters of its route. `Key`: of a page's cursor, else void.
template <class T, class Key, class... Ps>
struct QueryRoute {
    std::string_view sql;
    std::string_view after{};
    Missing missing{};

    /// Members are known at start only: see declare_query.
    static constexpr bool has_members =
        !std::is_void_v<Key> || ((table_of_query<Ps> != nullptr) || ...);

    consteval void check(std::string_view text) const {
        if (!names_all(text))
            the_SQL_does_not_name_a_parameter_of_the_route();
        if (!has_members)
            refuse_unknown(text);
    }

    static consteval bool names_all(std::string_view text) {
        return (std::is_void_v<Key> || names_parameter(text, "limit")) &&
               (... && (argument_name<Ps>.empty() || names_parameter(text, argument_name<Ps>)));
    }

    static consteval void refuse_unknown(std::string_view text) {
        std::size_t at = 0;
        for (auto name = next_parameter(text, at); !name.empty(); name = next_parameter(text, at))
            if (!(... || (argument_name<Ps> == name)))
                the_SQL_names_a_parameter_that_the_route_does_not_have();
    }

    void declare(Route& route) const {
        using Row = typename Answered<T>::Row;
        (Extract<Ps>::declare(route), ...);
        Answer<T>::declare(route);
        route.handler = {call_query<T>, nullptr, nullptr};
        QueryForm form{sql, after, missing, &type_of<std::vector<Row>>()};
        form.lists = Answered<T>::lists;
        form.make_row = []() -> std::shared_ptr<void> { return std::make_shared<Row>(); };
        std::vector<std::string_view> names{argument_name<Ps>...};
        std::vector<const Table*> members;
        ((table_of_query<Ps> == nullptr ? void() : members.push_back(&table_of_query<Ps>())), ...);
        if constexpr (std::is_void_v<Key>) {
            form.ask = ask<Ps...>;
        } else {
            Extract<Page>::declare(route);
            names.push_back("limit");
            members.push_back(&table_of<Key>());
            form.key = &type_of<Key>();
            form.ask = ask_page<Key, Ps...>;
        }
        declare_query(route, form, names, members);
    }
};

}  // namespace detail

/// One row of `sql` as a T; none is 404, several are a Failure (usage). `T` a vector: every row.
/// `Parameters`: Path, Query and Caller. `sql` is a literal.
template <class T, class... Parameters>
consteval auto query(const char* sql, Missing missing = {}) {
    const detail::QueryRoute<T, void, Parameters...> route{sql, {}, missing};
    route.check(sql);
    return route;
}

/// A page of T, as Page and Listing have it: `:limit` is how many rows to fetch, and in `after` the
/// members of Key, which T has as well, are those of the last row before.
template <class T, Shaped Key, class... Parameters>
consteval auto query_page(Pages pages) {
    const detail::QueryRoute<Listing<T>, Key, Parameters...> route{pages.first, pages.after};
    route.check(pages.first);
    route.check(pages.after);
    return route;
}

}  // namespace bulkhead
