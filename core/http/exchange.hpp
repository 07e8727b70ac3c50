#pragma once

#include "http/file_range.hpp"
#include "http/middleware/allowance.hpp"

#include <bulkhead/request.hpp>
#include <bulkhead/routes.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace bulkhead::http {

class Inquiries;

/// What the router made of a path.
enum class Found : std::uint8_t {
    nothing,       ///< no route has this path: 404
    route,         ///< Exchange::route
    file,          ///< perhaps; Exchange::route is the folder's, Progress::file its name there
    other_method,  ///< the path exists, the method does not: 405 and Allow
    options,       ///< OPTIONS of a known path, or of "*": 204 and Allow
    bad_path       ///< cannot be decoded, or has dot segments: 400
};

/// What the application notes down between its own steps; nobody else's concern.
struct Progress {
    Found found = Found::nothing;
    bool refused = false;          ///< never became a request: nobody asks who sent it
    std::size_t entered = 0;       ///< middleware entered so far
    std::size_t route_number = 0;  ///< place in the statistics; 0: found no route
    std::string_view allow;        ///< value of the Allow header
    std::string file;              ///< decoded; ends with a slash if the path did
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
    std::chrono::steady_clock::time_point finished{};
    std::int64_t queries = 0;  ///< that the handler ran
    Allowance allowance;       ///< of the tightest rate limit that it met
};

/// What is said of one request without memory of its own, and so is made anew for each.
struct Visit {
    Request request;               ///< views into `buffer`, or into the strings of the exchange
    const Route* route = nullptr;  ///< null until routed, and for requests that find none
    bool timed_out = false;  ///< answered by its deadline: the handler still reads `buffer`, so the
                             ///< connection closes after this reply and leaves `buffer` untouched
    bool abandoned = false;  ///< its client has gone: needs no answer, and not to be begun. May be
                             ///< set while others look: by std::atomic_ref only
    bool secure = false;     ///< came by TLS, here or at a proxy that is trusted
    std::string_view client_host;  ///< as the client wrote it, where a trusted proxy says so
    std::string_view raw_path;  ///< request.path before it was decoded; meaningless if it was not
    std::uint64_t request_bytes = 0;
    Progress progress;
};

/// One request and its reply on their way through the middleware. Owned jointly by the connection
/// and by whoever works on it, because a deadline may answer while the handler still runs.
class Exchange : public Visit {
public:
    Reply reply;
    FileRange file;  ///< the body, if reply.body is empty
    /// Header lines of the middleware, each ended by CRLF, to be sent after those of `reply`: ready
    /// text, because these go out with every reply. A reply to HEAD keeps its body for its length.
    std::string header_lines;
    std::string client_address;  ///< request.remote_address points here where a proxy named it
    Caller caller;               ///< request.caller points here once authenticated
    std::string request_id;      ///< request.id points here
    std::string traceparent;     ///< W3C Trace Context, given or made
    std::string decoded_path;    ///< request.path points here if it had to be decoded
    std::vector<NamedText> path_parameters;
    std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();

    /// Keeps the memory alive that `request` points into: the connection, or a test's strings.
    std::shared_ptr<void> buffer;
    /// Of the connection's thread; null where there is none.
    Inquiries* inquiries = nullptr;
    /// Called once, from whatever thread has the answer; `reply` is complete then.
    std::function<void()> answered;

    std::uint64_t body_bytes() const {
        return reply.body.empty() ? file.length() : reply.body.size();
    }
    /// Whether its route wants to know who calls.
    bool needs_caller() const {
        return route != nullptr && route->access == Access::scoped && !progress.refused;
    }
};

/// Makes a reply as new, but keeps its memory.
void clear(Reply& reply);

/// Makes ready for the next request what nobody else holds: as new, but with its memory, its
/// `buffer` and its `answered`.
void renew(Exchange& exchange, std::chrono::steady_clock::time_point started);

}  // namespace bulkhead::http
