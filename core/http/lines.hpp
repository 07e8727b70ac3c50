#pragma once
// The lines that a head, a chunk's size and the trailers are made of. Private to the parser.

#include "http/head.hpp"
#include "http/scan.hpp"

#include <bulkhead/result.hpp>

#include <optional>

namespace bulkhead::http {

/// Reads line by line. A line is judged once the byte that ends it is there, and not before: so the
/// verdict does not depend on the pieces in which a text arrives.
class Lines {
public:
    /// No line of `text` ends before `scanned`.
    explicit Lines(std::string_view text, std::size_t scanned = 0)
        : begin_(text.data()), at_(begin_), stop_(begin_ + scanned), end_(begin_ + text.size()) {}

    /// False while the next line is not there to its end.
    bool find() {
        stop_ = scan<LineStop>(std::max(at_, stop_), end_);
        return stop_ != end_;
    }
    /// What find() found, up to the byte that ends it: it may be read, and ends tokens and paths.
    std::string_view line() const { return {at_, static_cast<std::size_t>(stop_ - at_)}; }
    const char* text_end() const { return end_; }
    /// Goes behind the line; refused unless it is ended by CR LF.
    Parsed pass() {
        if (*stop_ != '\r')
            return Parsed::refused;
        if (stop_ + 1 == end_)
            return Parsed::need_more;
        if (stop_[1] != '\n')
            return Parsed::refused;
        at_ = stop_ + 2;
        return Parsed::complete;
    }

    /// Reads a line "Name: value". The empty line that ends them gives an empty name; `refusal` is
    /// set when refused.
    Parsed read_field(NamedText& field, std::optional<Error>& refusal);

    std::size_t bytes_done() const { return static_cast<std::size_t>(at_ - begin_); }
    /// Where the last find() ended: at what ends the line, or at the end of the text.
    std::size_t bytes_scanned() const { return static_cast<std::size_t>(stop_ - begin_); }

private:
    Parsed read_end(NamedText& field, std::optional<Error>& refusal);
    // Whether the line just passed goes on in the next one.
    Parsed judge_fold(std::optional<Error>& refusal) const;

    const char* begin_;
    const char* at_;
    const char* stop_;
    const char* end_;
};

}  // namespace bulkhead::http
