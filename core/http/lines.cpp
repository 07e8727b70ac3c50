#include "http/lines.hpp"

namespace bulkhead::http {

namespace {

Error malformed_field() {
    return Error::malformed("http.bad_header",
                            "A header line is malformed; expected \"Name: value\" ended by CR LF, "
                            "without control characters.");
}

Error folded_field() {
    return Error::malformed("http.bad_header",
                            "A header line is folded, which has been forbidden since 2014.");
}

}  // namespace

Parsed Lines::read_field(NamedText& field, std::optional<Error>& refusal) {
    const char* const begin = at_;
    const char* const name_end = token_end(begin, end_);
    stop_ = scan<LineStop>(std::max(name_end, stop_), end_);
    if (stop_ == end_)
        return Parsed::need_more;
    if (stop_ == begin)
        return read_end(field, refusal);
    const bool is_named = name_end != begin && *name_end == ':';
    if (is_named)
        field = {{begin, name_end}, trimmed({name_end + 1, stop_})};
    const auto passed = is_named ? pass() : Parsed::refused;
    if (passed == Parsed::refused)
        refusal = malformed_field();
    return passed == Parsed::complete ? judge_fold(refusal) : passed;
}

Parsed Lines::judge_fold(std::optional<Error>& refusal) const {
    if (at_ == end_)
        return Parsed::need_more;
    if (!is_blank(*at_))
        return Parsed::complete;
    refusal = folded_field();
    return Parsed::refused;
}

Parsed Lines::read_end(NamedText& field, std::optional<Error>& refusal) {
    field = {};
    const auto passed = pass();
    if (passed == Parsed::refused)
        refusal = malformed_field();
    return passed;
}

}  // namespace bulkhead::http
