#pragma once

#include "http/file_range.hpp"

#include <bulkhead/request.hpp>

namespace bulkhead::http {

/// What a worker makes of an exchange. A file is the body of a reply whose own body is empty.
struct Answer {
    Reply reply;
    FileRange file;
    std::int64_t queries = 0;  ///< that the handler ran
};

}  // namespace bulkhead::http
