#pragma once

#include <bulkhead/request.hpp>
#include <bulkhead/result.hpp>

namespace bulkhead::http {

/// The only table from error kind to status.
int status_of(ErrorKind kind);
/// "Not Found"; empty for a status this server never sends.
std::string_view reason_phrase(int status);
/// The error envelope (DESIGN: one for everything), with WWW-Authenticate on 401 and Retry-After on
/// 429 and 503.
Reply error_reply(const Error& error, std::string_view request_id);

}  // namespace bulkhead::http
