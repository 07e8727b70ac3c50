#include "http/target.hpp"

#include "fuzz/conversation.hpp"
#include "fuzz/targets.hpp"
#include "http/path.hpp"
#include "value/percent.hpp"
#include "value/utf8.hpp"

#include <algorithm>

namespace fuzz {
namespace {

using namespace bulkhead;
using namespace bulkhead::http;

void check_segment(std::string_view segment) {
    if (segment.empty() || segment == "." || segment == "..")
        fail("a segment is empty or made of dots");
    if (segment.find('\0') != std::string_view::npos || !value::code_points(segment))
        fail("a segment is no text");
}

// The same path written again in the one way that cannot be misread.
std::string encoded(const Segments& segments) {
    std::string path;
    for (std::size_t at = 0; at < segments.count; ++at)
        value::append_percent_encoded(path += '/', segments.text[at]);
    return path.empty() ? "/" : path;
}

void check_round_trip(const Segments& segments) {
    Segments again;
    std::string decoded;
    if (split_path(encoded(segments), decoded, again) != PathState::usable ||
        again.count != segments.count || again.text != segments.text)
        fail("a path that is encoded again is another path");
}

void check_path(std::string_view raw) {
    Segments segments;
    std::string decoded;
    const auto state = split_path(raw, decoded, segments);
    if (state == PathState::bad)
        return;
    for (std::size_t at = 0; at < segments.count; ++at)
        check_segment(segments.text[at]);
    if (state == PathState::usable)
        check_round_trip(segments);
}

bool may_stand(char byte) {
    return byte > ' ' && byte < '\x7f' &&
           std::string_view("\"#<>").find(byte) == std::string_view::npos;
}

void check_target(std::string_view method, std::string_view bytes) {
    const auto target = split_target(method, bytes);
    if (!target)
        return;
    if (!std::ranges::all_of(bytes, may_stand))
        fail("a target has a byte that must be encoded");
    if (!target->path.starts_with('/') && target->path != "*")
        fail("a path does not begin with a slash");
    if (!target->authority.empty() && !is_host(target->authority))
        fail("an authority is no host");
    check_path(target->path);
}

}  // namespace

void read_target(std::string_view bytes) {
    check_path(bytes);
    check_target("GET", bytes);
    check_target("OPTIONS", bytes);
}

}  // namespace fuzz
