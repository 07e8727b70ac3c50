#pragma once
// Takes the head of a request apart (RFC 9112, 2 to 5). Private to the parser.

#include "http/framing.hpp"
#include "http/lines.hpp"
#include "http/options.hpp"
#include "http/target.hpp"

namespace bulkhead::http {

/// Reads one head, strictly: what is in doubt is refused. To be made anew for each attempt.
class HeadReader {
public:
    /// `text` begins with the request; `head` is empty.
    HeadReader(const Options& options, std::string_view text, Head& head)
        : options_(options), lines_(text), head_(head) {}

    Parsed read();

    std::optional<Error> refusal;  ///< set when refused

private:
    Parsed read_request_line();
    Parsed read_version(std::string_view version);
    std::string_view read_origin_form(std::string_view rest);
    Parsed judge_target(std::string_view target);
    Parsed read_field();
    Parsed finish();
    void replace_host();
    Parsed refuse(Error error);

    const Options& options_;
    Lines lines_;
    Head& head_;
    Framing framing_;
    std::string_view authority_;  ///< of a target in absolute-form
    bool ended_ = false;
};

}  // namespace bulkhead::http
