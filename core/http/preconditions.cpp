#include "http/preconditions.hpp"

#include "http/http_date.hpp"
#include "http/token.hpp"

namespace bulkhead::http {

namespace {

enum class Comparison : std::uint8_t { weak, strong };

bool is_weak(std::string_view tag) {
    return tag.starts_with("W/");
}

std::string_view opaque(std::string_view tag) {
    return is_weak(tag) ? tag.substr(2) : tag;
}

// RFC 9110, 8.8.3.2.
bool matches(std::string_view one, std::string_view other, Comparison comparison) {
    const bool comparable = comparison == Comparison::weak || (!is_weak(one) && !is_weak(other));
    return comparable && opaque(one) == opaque(other);
}

/// Takes the first entity-tag off a list. A tag may hold commas. Empty at its end, and where
/// something else begins: what stands behind that is not read.
std::string_view take_tag(std::string_view& list) {
    list.remove_prefix(std::min(list.find_first_not_of(", \t"), list.size()));
    const std::size_t start = is_weak(list) ? 2 : 0;
    if (!list.substr(start).starts_with('"'))
        return {};
    const auto end = list.find('"', start + 1);
    if (end == std::string_view::npos)
        return {};
    const auto tag = list.substr(0, end + 1);
    list.remove_prefix(tag.size());
    return tag;
}

bool list_matches(std::string_view list, std::string_view tag, Comparison comparison) {
    if (trimmed(list) == "*")
        return true;
    while (true) {
        const auto next = take_tag(list);
        if (next.empty())
            return false;
        if (matches(next, tag, comparison))
            return true;
    }
}

/// Whether any of the headers of this name, which together are one list, has the tag.
bool any_matches(const Request& request, std::string_view name, std::string_view tag,
                 Comparison comparison) {
    return std::ranges::any_of(request.headers, [&](const auto& header) {
        return same_ignoring_case(header.name, name) && list_matches(header.value, tag, comparison);
    });
}

std::optional<std::time_t> date_in(const Request& request, std::string_view name) {
    const auto text = request.header(name);
    return text ? time_from_http_date(*text) : std::nullopt;
}

// Whether the client's view of the present state, if it states one, is out of date.
bool has_failed(const Request& request, const Validators& now) {
    if (request.header("If-Match"))
        return !any_matches(request, "If-Match", now.entity_tag, Comparison::strong);
    const auto since = date_in(request, "If-Unmodified-Since");
    return since && now.modified > *since;
}

bool is_known(const Request& request, const Validators& now) {
    if (request.header("If-None-Match"))
        return any_matches(request, "If-None-Match", now.entity_tag, Comparison::weak);
    const auto since = date_in(request, "If-Modified-Since");
    return since && now.modified <= *since;
}

}  // namespace

Precondition judge_preconditions(const Request& request, const Validators& now) {
    if (has_failed(request, now))
        return Precondition::failed;
    return is_known(request, now) ? Precondition::not_modified : Precondition::met;
}

bool wants_range_of(const Request& request, const Validators& now) {
    const auto validator = request.header("If-Range");
    if (!validator)
        return true;
    if (const auto date = time_from_http_date(*validator))
        return !is_weak(now.entity_tag) && *date == now.modified;
    return matches(*validator, now.entity_tag, Comparison::strong);
}

}  // namespace bulkhead::http
