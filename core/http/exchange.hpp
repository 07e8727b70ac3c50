#pragma once

#include <bulkhead/request.hpp>
#include <bulkhead/routes.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>

namespace bulkhead::http {

/// One request and its reply on their way through the middleware. Owned jointly by the connection
/// and by whoever works on it, because a deadline may answer while the handler still runs.
class Exchange {
public:
    Request request;  ///< views into `buffer`, or into the strings below
    Reply reply;
    const Route* route = nullptr;  ///< null until routed, and for requests that find none
    bool timed_out = false;  ///< answered by its deadline: the handler still reads `buffer`, so the
                             ///< connection closes after this reply and leaves `buffer` untouched
    Caller caller;           ///< request.caller points here once authenticated
    std::string request_id;  ///< request.id points here
    std::string decoded_path;  ///< request.path points here if it had to be decoded
    std::vector<NamedText> path_parameters;
    std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
    std::uint64_t request_bytes = 0;

    /// Keeps the memory alive that `request` points into: the connection, or a test's strings.
    std::shared_ptr<void> buffer;
    /// Called once, from whatever thread has the answer; `reply` is complete then.
    std::function<void()> answered;
};

}  // namespace bulkhead::http
