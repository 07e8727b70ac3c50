#pragma once

#include <bulkhead/request.hpp>
#include <bulkhead/result.hpp>

namespace bulkhead::http {

/// How long a client should wait after 429 and 503: long enough to leave the crowd, short enough
/// for a person.
inline constexpr int retry_after_seconds = 1;

/// The only table from error kind to status.
int status_of(ErrorKind kind);
/// "Not Found"; empty for a status this server never sends.
std::string_view reason_phrase(int status);

/// The error envelope (DESIGN: one for everything), with WWW-Authenticate on 401 and Retry-After on
/// 429 and 503; `details` is always there, empty unless fields are at fault. An error's detail goes
/// to the log here, at level error from 500 on, else info. Of an internal one nothing is shown but
/// "http.internal"; all of it is logged.
Reply error_reply(const Error& error, std::string_view request_id);

}  // namespace bulkhead::http
