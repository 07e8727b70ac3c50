#pragma once
// Applications with hand-declared routes, for tests that need no module and no socket.

#include "http/application.hpp"

#include <algorithm>

namespace bulkhead::http::test {

/// The service behind the sample routes: what a handler does is up to the test.
struct Script {
    std::function<void()> act = [] {};
};

struct Note {
    std::string text;
    static auto fields() { return shape(field("text", &Note::text)); }
};

inline Result<Note> read_note(Script& script) {
    script.act();
    return Note{"hello"};
}
inline Result<> drop_note(Script& script) {
    script.act();
    return Done{};
}
inline Result<Note> named_note(Script& script, Path<"name", std::string> name) {
    script.act();
    return Note{*name};
}
inline Result<Raw> page(Script& script) {
    script.act();
    Raw raw{};
    raw.reply.content_type = "text/html";
    raw.reply.headers.emplace_back("cache-control", "max-age=60");
    raw.reply.body = "<p>hello</p>";
    return raw;
}

/// Routes of one module, as Core::serve would hand them over.
inline std::deque<Route> of_module(std::string_view module, Routes<Script>& routes) {
    auto taken = routes.take();
    for (auto& route : taken)
        route.module = module;
    return taken;
}

/// GET, DELETE and GET {name} of /api/v1/notes, a quick one, a page, and a scoped one.
inline std::deque<Route> sample_routes(Script& script) {
    Routes<Script> on(script);
    on.get("/notes", read_note).open();
    on.del("/notes", drop_note).open();
    on.get("/notes/{name}", named_note).open();
    on.get("/quick", read_note).open().nonblocking();
    on.get("/page", page).open();
    on.get("/secret", read_note).scope("notes:read");
    return of_module("notes", on);
}

inline const std::vector<std::string> usual_order{"request_id", "access_log",       "recover",
                                                  "deadline",   "security_headers", "authenticate",
                                                  "authorize"};

inline Blueprint sample_blueprint(Script& script) {
    Blueprint blueprint;
    blueprint.workers = 2;
    blueprint.routes = sample_routes(script);
    blueprint.middleware = usual_order;
    blueprint.access_log = false;
    return blueprint;
}

inline Reply ask(Application& application, std::string_view method, std::string_view path,
                 const std::vector<NamedText>& headers = {}) {
    Request request{};
    request.method = method;
    request.path = path;
    request.headers = headers;
    return application.answer(request);
}

/// Empty when the reply has no such header; its name in this very case.
inline std::string header_of(const Reply& reply, std::string_view name) {
    const auto found =
        std::ranges::find(reply.headers, name, &std::pair<std::string, std::string>::first);
    return found == reply.headers.end() ? std::string{} : found->second;
}

inline bool says(const Reply& reply, std::string_view text) {
    return reply.body.find(text) != std::string::npos;
}

/// The sentence with which `make` refuses; empty if it does not.
template <class Make>
std::string refusal_of(Make&& make) {
    try {
        make();
    } catch (const std::runtime_error& refusal) {
        return refusal.what();
    }
    return {};
}

}  // namespace bulkhead::http::test
