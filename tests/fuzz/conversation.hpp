#pragma once
// What a connection reads out of the bytes that it gets, in whatever pieces they come.

#include "http/parser.hpp"

#include <functional>

namespace fuzz {

struct ReadRequest {
    std::string method, path, query, body;
    std::vector<std::pair<std::string, std::string>> headers;
    bool http_1_0 = false;
    bool keeps_alive = false;
    bool expects_continue = false;
    std::size_t begin = 0;  ///< where its bytes lie
    std::size_t end = 0;

    bool operator==(const ReadRequest&) const = default;
};

struct Conversation {
    std::vector<ReadRequest> requests;
    std::string refusal;           ///< the code; empty without one
    bool refused_in_head = false;  ///< and not in a body
    std::size_t left = 0;          ///< the bytes from here on belong to no whole request
};

inline constexpr std::size_t body_limit_bytes = 2'048;
bulkhead::http::Options small_limits();

/// Reads until the bytes end or are refused. `next_piece` says how many bytes come next, at
/// least 1. Throws std::logic_error when memory is not bounded as it must be.
Conversation converse(std::string_view bytes, const std::function<std::size_t()>& next_piece);

/// Throws std::logic_error unless the same comes out whole, byte by byte, and in odd pieces. Gives
/// that.
Conversation converse_in_all_ways(std::string_view bytes);

[[noreturn]] void fail(const std::string& sentence);

}  // namespace fuzz
