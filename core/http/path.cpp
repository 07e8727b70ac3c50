#include "http/path.hpp"

#include "http/scan.hpp"
#include "value/percent.hpp"
#include "value/utf8.hpp"

#include <algorithm>

namespace bulkhead::http {

namespace {

bool is_text(std::string_view bytes) {
    const char* const end = bytes.data() + bytes.size();
    const char* const special = scan<AsciiStop>(bytes.data(), bytes.data() + bytes.size());
    const std::string_view rest(special, end);
    return rest.empty() ||
           (value::code_points(rest).has_value() && rest.find('\0') == std::string_view::npos);
}

/// Appends the decoded segment to `decoded` and lets `segment` view it there.
bool decode(std::string_view& segment, std::string& decoded) {
    const auto plain = value::percent_decoded(segment, value::Plus::itself);
    if (!plain)
        return false;
    decoded += '/';
    const auto start = decoded.size();
    decoded += *plain;
    segment = std::string_view(decoded).substr(start);
    return true;
}

PathState keep(std::string_view segment, Segments& segments) {
    if (segment == "." || segment == "..")
        return PathState::bad;
    if (segment.empty() || segments.count == segments.text.size())
        return PathState::absent;
    segments.text[segments.count++] = segment;
    return PathState::usable;
}

/// Takes the first segment off `rest`, which begins with the slash before it.
std::string_view take_segment(std::string_view& rest) {
    const auto segment = rest.substr(1, rest.find('/', 1) - 1);
    rest.remove_prefix(segment.size() + 1);
    return segment;
}

}  // namespace

PathState split_path(std::string_view raw, std::string& decoded, Segments& segments) {
    segments.count = 0;
    if (raw == "/")
        return PathState::usable;
    if (!raw.starts_with('/'))
        return PathState::bad;
    const bool encoded = raw.find('%') != std::string_view::npos;
    decoded.clear();
    decoded.reserve(encoded ? raw.size() : 0);  // The segments point into it: it must not move.
    auto state = PathState::usable;
    for (auto rest = raw; !rest.empty();) {
        auto segment = take_segment(rest);
        if (encoded && !decode(segment, decoded))
            return PathState::bad;
        state = std::max(state, keep(segment, segments));
    }
    return is_text(encoded ? decoded : raw) ? state : PathState::bad;
}

}  // namespace bulkhead::http
