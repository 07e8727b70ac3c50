#pragma once
// How long somebody waits for what this thread does, so that long work can stop when nobody does.

#include <chrono>

namespace bulkhead {

/// When the request that this thread handles is answered 504 (http.request_seconds), ready or not;
/// time_point::max() where nothing is due: in a nonblocking handler, and outside of handlers.
std::chrono::steady_clock::time_point current_deadline();

/// Whether that moment has passed: what a handler still does, it does for nobody. From then on the
/// database refuses each of its statements and does not commit; a long loop without a statement
/// looks here now and then and returns whatever error it likes.
bool nobody_waits();

}  // namespace bulkhead
