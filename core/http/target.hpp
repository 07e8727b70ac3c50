#pragma once

#include <bulkhead/result.hpp>

namespace bulkhead::http {

/// The parts of a request target (RFC 9112, 3.2) that matter here, still percent-encoded.
struct Target {
    std::string_view path;       ///< begins with '/', or is "*"
    std::string_view query;      ///< without the '?'
    std::string_view authority;  ///< of absolute-form alone: host, perhaps with a port
};

/// Takes origin-form, absolute-form (http and https), and `*` for OPTIONS; refuses the rest with
/// "http.bad_target".
Result<Target> split_target(std::string_view method, std::string_view target);

/// Whether this may stand in a Host header: a host (RFC 3986, 3.2.2), perhaps with a port.
bool is_host(std::string_view text);

}  // namespace bulkhead::http
