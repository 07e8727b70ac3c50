#pragma once
// A request and its reply as plain values. Handlers seldom see either: extract.hpp turns requests
// into typed parameters and results into replies.

#include <bulkhead/id.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulkhead {

/// The authenticated maker of a request and the scopes granted to it.
struct Caller {
    CallerId id;
    std::vector<std::string> scopes;  ///< "*" stands for every scope

    bool may(std::string_view scope) const;
};

struct NamedText {
    std::string_view name;
    std::string_view value;
};

/// Views into the connection's buffer: valid until the handler returns, never beyond.
struct Request {
    std::string_view method;          ///< as sent: "GET"
    std::string_view path;            ///< percent-decoded once, without the query
    std::string_view query;           ///< raw, without the '?'
    std::string_view body;            ///< whole, de-chunked
    std::string_view id;              ///< the X-Request-Id, given or made
    std::string_view remote_address;  ///< numeric, without port
    std::span<const NamedText> headers;
    std::span<const NamedText> path_parameters;  ///< decoded, by the names in the route's pattern
    const Caller* caller = nullptr;              ///< null on open routes

    /// The first header of this name (case-insensitive).
    std::optional<std::string_view> header(std::string_view name) const;
    /// The decoded path segment that the pattern calls `name`; empty if it has none.
    std::string_view path_parameter(std::string_view name) const;
};

/// What goes back. The connection adds Date, Content-Length and Connection.
struct Reply {
    int status = 200;
    std::string_view content_type = "application/json";  ///< static text; not sent without a body
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

}  // namespace bulkhead
