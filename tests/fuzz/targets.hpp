#pragma once
// What the fuzzer feeds. Each takes any bytes and throws std::logic_error, with a sentence, when
// something is not as it must be.

#include <string_view>

namespace fuzz {

/// The bytes of a connection: the same requests come out however they are split, and what Beast
/// reads too, it reads alike.
void read_requests(std::string_view bytes);

/// What follows the head of a chunked request: as above, and its memory is bounded.
void read_chunks(std::string_view bytes);

/// A request target: decoded once, it is text without dot segments.
void read_target(std::string_view bytes);

}  // namespace fuzz
