#pragma once

#include "http/static_folder.hpp"

#include <bulkhead/request.hpp>

namespace bulkhead::http {

struct Answer;

/// Answers GET or HEAD by a regular file that is called `name`: 200, 206, 304, 412 or 416. Up to
/// 64 KiB become the reply's own body, which the middleware may compress; a larger file is
/// attached. Throws std::runtime_error when a small one changes while it is read.
void reply_file(const Request& request, std::string_view name, OpenedFile file,
                std::int32_t cache_seconds, Answer& answer);

}  // namespace bulkhead::http
