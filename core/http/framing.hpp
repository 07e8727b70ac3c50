#pragma once

#include <bulkhead/result.hpp>

#include <cstdint>

namespace bulkhead::http {

/// The headers that say where a request ends and what becomes of its connection. In doubt it
/// refuses: two readers who disagree about an end is how requests are smuggled (RFC 9112, 11.2).
class Framing {
public:
    /// Notes down one header; whatever is none of these headers is none of its business.
    Result<> add(std::string_view name, std::string_view value) {
        return may_frame(name) ? judge(name, value) : Done{};
    }
    /// Judges them together, once the last one is there.
    Result<> finish(bool http_1_0);

    std::uint64_t content_length() const { return content_length_; }
    bool chunked() const { return chunked_; }
    bool keeps_alive() const { return keeps_alive_; }
    /// The client waits for "100 Continue" before it sends the body.
    bool expects_continue() const { return expects_continue_; }

private:
    // Most headers are none of these: their length says so at once.
    static constexpr bool may_frame(std::string_view name) {
        constexpr std::uint32_t lengths = 1U << 4 | 1U << 6 | 1U << 10 | 1U << 14 | 1U << 17;
        return name.size() < 32 && (lengths >> name.size() & 1U) != 0;
    }
    Result<> judge(std::string_view name, std::string_view value);
    Result<> add_host(std::string_view value);
    Result<> add_content_length(std::string_view value);
    Result<> add_transfer_encoding(std::string_view value);
    Result<> add_connection(std::string_view value);
    Result<> add_expect(std::string_view value);

    std::uint64_t content_length_ = 0;
    bool has_host_ = false;
    bool has_content_length_ = false;
    bool chunked_ = false;
    bool close_ = false;
    bool keep_alive_ = false;
    bool keeps_alive_ = false;
    bool expects_continue_ = false;
};

}  // namespace bulkhead::http
