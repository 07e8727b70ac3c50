#pragma once

#include <bulkhead/request.hpp>

#include <cstdint>

namespace bulkhead::http {

/// What a request says before its body: views into the input.
struct Head {
    std::string_view method;
    std::string_view path;  ///< raw; "*" for OPTIONS *
    std::string_view query;
    std::vector<NamedText> headers;
    std::size_t bytes = 0;  ///< the body begins behind them
    std::uint64_t content_length = 0;
    bool chunked = false;
    bool http_1_0 = false;
    bool keeps_alive = false;       ///< the client leaves the connection open
    bool expects_continue = false;  ///< the client waits for "100 Continue"

    bool has_body() const { return chunked || content_length > 0; }
    /// As new, but with its memory.
    void clear() {
        auto kept = std::move(headers);
        kept.clear();
        *this = {};
        headers = std::move(kept);
    }
};

enum class Parsed : std::uint8_t { need_more, complete, refused };

}  // namespace bulkhead::http
