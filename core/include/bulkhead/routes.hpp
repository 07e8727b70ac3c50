#pragma once
// Routes are data: the router, authorisation, limits, metrics, OpenAPI and `bulkhead routes` all
// read the same lines.
//
//     void routes(Routes<Service>& on) {
//         on.post("/orders",      place).scope("orders:write").summary("Place an order");
//         on.get ("/orders/{id}", show) .scope("orders:read") .summary("Show one own order");
//     }

#include <bulkhead/extract.hpp>

#include <deque>
#include <tuple>

namespace bulkhead {

enum class Method : std::uint8_t { get, post, put, patch, del };
std::string_view to_text(Method method);  ///< "GET" ... "DELETE"

/// Who may call a route; one that does not say is refused at start.
enum class Access : std::uint8_t { unstated, open, scoped };

/// Where a parameter in the pattern gets its type.
struct PathParameter {
    std::string_view name;
    const Type* type;
};

struct Route;

/// A handler with its types erased: `thunk` knows the signature of `function`.
struct Handler {
    void (*thunk)(const Handler&, const Route&, const Request&, Reply&) = nullptr;
    void (*function)() = nullptr;
    void* service = nullptr;
};

/// One line of a route table.
struct Route {
    Method method = Method::get;
    std::string pattern;  ///< with the prefix: "/api/v1/orders/{id}"
    std::string module;   ///< filled in by Core::serve
    std::string scope;
    std::string summary;
    std::string location;  ///< pattern of the Location header; empty: own path + "/{id}"
    Access access = Access::unstated;
    bool nonblocking = false;          ///< runs inline on the I/O thread
    std::uint32_t more = 0;            ///< what else the core knows of it, as a number of its own
    std::size_t body_limit_bytes = 0;  ///< 0: http.body_bytes of plugins.toml
    Handler handler;

    std::vector<PathParameter> path;  ///< what the signature takes ...
    std::vector<const Table*> query;
    const Type* body = nullptr;
    bool takes_caller = false;
    bool takes_request = false;  ///< raw: its query string is the handler's own affair
    int status = 200;            ///< ... and gives
    const Type* data = nullptr;  ///< null: nothing, or a shape of its own
    bool lists = false;          ///< data is an array; meta has limit and next_cursor
    bool raw = false;            ///< no envelope
};

/// The options of the route just declared; each returns itself.
class RouteOptions {
public:
    explicit RouteOptions(Route& route) : route_(route) {}

    RouteOptions& scope(std::string name) {
        route_.access = Access::scoped, route_.scope = std::move(name);
        return *this;
    }
    RouteOptions& open() {
        route_.access = Access::open;
        return *this;
    }
    RouteOptions& summary(std::string text) {
        route_.summary = std::move(text);
        return *this;
    }
    /// "/users/{id}": filled from the result's own fields; the route's "/api/vN" is put before it.
    /// Throws std::invalid_argument for a field that the result does not have.
    RouteOptions& location(std::string pattern);
    /// The handler touches nothing slow and never blocks: no hop to a worker.
    RouteOptions& nonblocking() {
        route_.nonblocking = true;
        return *this;
    }
    RouteOptions& body_limit_bytes(std::size_t bytes) {
        route_.body_limit_bytes = bytes;
        return *this;
    }
    /// Since SDK 1.1. Its replies hold a secret beside something that the client has sent, or may
    /// have: they are never compressed, because their length would tell (BREACH).
    RouteOptions& uncompressed();

private:
    Route& route_;
};

namespace detail {

// Each stage runs for all parameters before the next begins, so that the answer to a request with
// several faults does not depend on the order of a signature.
enum class Stage : std::uint8_t { caller, path, query, body };

Result<> read_path(const Request& request, std::string_view name, const Type& type, void* value);
Result<> read_query(const Request& request, const Table& table, void* value);
Result<> refuse_unknown_parameters(const Request& request, const Route& route);
Result<> read_body(const Request& request, const Type& type, void* value);
void reply_error(const Error& error, const Request& request, Reply& reply);
void reply_data(const Route& route, const Request& request, const void* data, Reply& reply);
void reply_list(const Route& route, const Request& request, const void* items, std::int32_t limit,
                std::string_view next_cursor, std::optional<std::int64_t> total, Reply& reply);

template <class P>
struct Extract;

template <>
struct Extract<Caller> {
    static constexpr Stage stage = Stage::caller;
    static void declare(Route& route) { route.takes_caller = true; }
    static Result<Caller> from(const Request& request) { return *request.caller; }
};
template <>
struct Extract<Request> {
    static constexpr Stage stage = Stage::body;
    static void declare(Route& route) { route.takes_request = true; }
    static Result<Request> from(const Request& request) { return request; }
};
template <Literal Name, class T>
struct Extract<Path<Name, T>> {
    static constexpr Stage stage = Stage::path;
    static void declare(Route& route) { route.path.push_back({Name.view(), &type_of<T>()}); }
    static Result<Path<Name, T>> from(const Request& request) {
        Path<Name, T> made{};
        if (auto done = read_path(request, Name.view(), type_of<T>(), &made.value); !done)
            return std::move(done.error());
        return made;
    }
};
template <class T>
Result<T> from_query(const Request& request) {
    T made{};
    if (auto done = read_query(request, table_of<T>(), &made); !done)
        return std::move(done.error());
    return made;
}
template <>
struct Extract<Page> {
    static constexpr Stage stage = Stage::query;
    static void declare(Route& route) { route.query.push_back(&table_of<Page>()); }
    static Result<Page> from(const Request& request) { return from_query<Page>(request); }
};
template <class T>
struct Extract<Query<T>> {
    static constexpr Stage stage = Stage::query;
    static void declare(Route& route) { route.query.push_back(&table_of<T>()); }
    static Result<Query<T>> from(const Request& request) { return from_query<T>(request); }
};
template <class T>
struct Extract<Body<T>> {
    static constexpr Stage stage = Stage::body;
    static void declare(Route& route) { route.body = &type_of<T>(); }
    static Result<Body<T>> from(const Request& request) {
        Body<T> made{};
        if (auto done = read_body(request, type_of<T>(), &made.value); !done)
            return std::move(done.error());
        return made;
    }
};

template <class T>
struct Answer {
    static void declare(Route& route) { route.data = &type_of<T>(); }
    static void give(const Route& route, const Request& request, T& value, Reply& reply) {
        reply_data(route, request, &value, reply);
    }
};
template <>
struct Answer<Done> {
    static void declare(Route& route) { route.status = 204; }
    static void give(const Route& route, const Request&, Done&, Reply& reply) {
        reply.status = route.status;
    }
};
template <class T>
struct Answer<Created<T>> {
    static void declare(Route& route) { route.status = 201, route.data = &type_of<T>(); }
    static void give(const Route& route, const Request& request, Created<T>& made, Reply& reply) {
        reply_data(route, request, &made.value, reply);
    }
};
template <class T>
struct Answer<Listing<T>> {
    static void declare(Route& route) {
        route.lists = true, route.data = &type_of<std::vector<T>>();
    }
    static void give(const Route& route, const Request& request, Listing<T>& list, Reply& reply) {
        reply_list(route, request, &list.items, list.limit, list.next_cursor, list.total, reply);
    }
};
template <>
struct Answer<Raw> {
    static void declare(Route& route) { route.raw = true; }
    static void give(const Route&, const Request&, Raw& raw, Reply& reply) {
        reply = std::move(raw.reply);
    }
};

// Extracts the parameters of one stage; false once a refusal has been written.
template <Stage At, class P>
bool extract(std::optional<P>& into, const Request& request, Reply& reply) {
    if constexpr (Extract<P>::stage == At) {
        auto made = Extract<P>::from(request);
        if (!made)
            return reply_error(made.error(), request, reply), false;
        into.emplace(*std::move(made));
    }
    return true;
}

// All parameters, stage by stage; false once a refusal has been written.
template <class... Ps>
bool extract_all(const Route& route, const Request& request, Reply& reply,
                 std::optional<Ps>&... slots) {
    if (!(extract<Stage::caller>(slots, request, reply) && ...))
        return false;
    if (!(extract<Stage::path>(slots, request, reply) && ...))
        return false;
    if (auto known = refuse_unknown_parameters(request, route); !known)
        return reply_error(known.error(), request, reply), false;
    return (extract<Stage::query>(slots, request, reply) && ...) &&
           (extract<Stage::body>(slots, request, reply) && ...);
}

template <class Service, class T, class... Ps>
void call(const Handler& handler, const Route& route, const Request& request, Reply& reply) {
    auto* function = reinterpret_cast<Result<T> (*)(Service&, Ps...)>(handler.function);
    auto& service = *static_cast<Service*>(handler.service);
    std::apply(
        [&](auto... slots) {
            if (!extract_all<Ps...>(route, request, reply, slots...))
                return;
            auto result = function(service, *std::move(slots)...);
            if (result)
                Answer<T>::give(route, request, *result, reply);
            else
                reply_error(result.error(), request, reply);
        },
        std::tuple<std::optional<Ps>...>());
}

template <class P>
inline constexpr std::string_view path_name{};
template <Literal Name, class T>
inline constexpr std::string_view path_name<Path<Name, T>> = Name.view();

// Not defined on purpose: a consteval function that calls one does not compile, and the compiler
// shows its name.
void the_pattern_has_no_segment_with_the_name_of_this_Path_parameter();
void the_pattern_has_a_segment_that_not_exactly_one_Path_parameter_takes();
void a_pattern_starts_with_a_slash();

/// A pattern that names exactly the Path parameters of the handler's signature, or does not
/// compile.
template <class... Ps>
struct PatternFor {
    std::string_view text;

    consteval PatternFor(const char* pattern) : text(pattern) {
        if (!text.starts_with('/'))
            a_pattern_starts_with_a_slash();
        (check(path_name<Ps>), ...);
        for (auto at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1))
            if ((takes<Ps>(text.substr(at + 1)) + ... + 0) != 1)
                the_pattern_has_a_segment_that_not_exactly_one_Path_parameter_takes();
    }

private:
    template <class P>
    static consteval int takes(std::string_view segment) {
        constexpr auto name = path_name<P>;
        return !name.empty() && segment.starts_with(name) &&
               segment.substr(name.size()).starts_with('}');
    }

    consteval void check(std::string_view name) const {
        if (name.empty())
            return;
        for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1))
            if (at > 0 && text[at - 1] == '{' && text.substr(at + name.size()).starts_with('}'))
                return;
        the_pattern_has_no_segment_with_the_name_of_this_Path_parameter();
    }
};

template <class T, class Key, class... Ps>
struct QueryRoute;

}  // namespace detail

/// The routes of one module, all under /api/v1; `Service` is what its handlers take first.
template <class Service>
class Routes {
public:
    static constexpr std::string_view default_prefix = "/api/v1";

    explicit Routes(Service& service, std::string_view prefix = default_prefix)
        : service_(&service), prefix_(prefix) {}

    template <class T, class... Ps>
    RouteOptions get(detail::PatternFor<std::type_identity_t<Ps>...> pattern,
                     Result<T> (*handler)(Service&, Ps...)) {
        return add(Method::get, pattern.text, handler);
    }
    /// A query of <bulkhead/query.hpp>. Since SDK 1.1.
    template <class T, class Key, class... Ps>
    RouteOptions get(detail::PatternFor<std::type_identity_t<Ps>...> pattern,
                     const detail::QueryRoute<T, Key, Ps...>& query) {
        Route& route = routes_.emplace_back();
        route.pattern = std::string(prefix_) += pattern.text;
        query.declare(route);
        return RouteOptions(route);
    }
    template <class T, class... Ps>
    RouteOptions post(detail::PatternFor<std::type_identity_t<Ps>...> pattern,
                      Result<T> (*handler)(Service&, Ps...)) {
        return add(Method::post, pattern.text, handler);
    }
    template <class T, class... Ps>
    RouteOptions put(detail::PatternFor<std::type_identity_t<Ps>...> pattern,
                     Result<T> (*handler)(Service&, Ps...)) {
        return add(Method::put, pattern.text, handler);
    }
    template <class T, class... Ps>
    RouteOptions patch(detail::PatternFor<std::type_identity_t<Ps>...> pattern,
                       Result<T> (*handler)(Service&, Ps...)) {
        return add(Method::patch, pattern.text, handler);
    }
    template <class T, class... Ps>
    RouteOptions del(detail::PatternFor<std::type_identity_t<Ps>...> pattern,
                     Result<T> (*handler)(Service&, Ps...)) {
        return add(Method::del, pattern.text, handler);
    }

    std::deque<Route> take() { return std::move(routes_); }

private:
    template <class T, class... Ps>
    RouteOptions add(Method method, std::string_view pattern,
                     Result<T> (*handler)(Service&, Ps...)) {
        Route& route = routes_.emplace_back();
        route.method = method;
        route.pattern = std::string(prefix_) += pattern;
        route.handler = {detail::call<Service, T, Ps...>, reinterpret_cast<void (*)()>(handler),
                         service_};
        (detail::Extract<Ps>::declare(route), ...);
        detail::Answer<T>::declare(route);
        return RouteOptions(route);
    }

    Service* service_;
    std::string_view prefix_;
    std::deque<Route> routes_;  // A deque: RouteOptions point into it while it grows.
};

}  // namespace bulkhead
