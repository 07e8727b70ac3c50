#pragma once

#include "http/accept_encoding.hpp"
#include "http/middleware/compression_options.hpp"

namespace bulkhead::http {

/// The text in this coding, if it gets shorter than `most_bytes`. gzip keeps its state, 256 KiB,
/// for each thread that has compressed; br allocates its own for the time, at most some MiB.
std::optional<std::string> compressed(Coding coding, std::string_view text, std::size_t most_bytes,
                                      const CompressionOptions& options);

}  // namespace bulkhead::http
