#pragma once

#include <bulkhead/request.hpp>

#include <ctime>

namespace bulkhead::http {

/// What tells one version of a representation from the next (RFC 9110, 8.8).
struct Validators {
    std::string entity_tag;  ///< with its quotes; W/ before it if weak
    std::time_t modified = 0;
};

/// What the conditions of a request make of it (RFC 9110, 13.2).
enum class Precondition : std::uint8_t {
    met,           ///< or there was none
    not_modified,  ///< 304
    failed         ///< 412
};

/// Judges If-Match, If-Unmodified-Since, If-None-Match and If-Modified-Since of a GET or HEAD, in
/// the order of RFC 9110, 13.2.2. A date that cannot be read is no condition.
Precondition judge_preconditions(const Request& request, const Validators& now);

/// Whether the range that the request asks for is one of this version (If-Range, RFC 9110, 13.1.5);
/// a request without If-Range does not mind. Only a strong validator can say so.
bool wants_range_of(const Request& request, const Validators& now);

}  // namespace bulkhead::http
