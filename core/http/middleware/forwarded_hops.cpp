#include "http/middleware/forwarded_hops.hpp"

#include "http/token.hpp"

namespace bulkhead::http {

namespace {

bool is_escaped(std::string_view text, std::size_t at) {
    const auto before = text.substr(0, at);
    const auto last_other = before.find_last_not_of('\\');
    const auto backslashes =
        before.size() - (last_other == std::string_view::npos ? 0 : last_other + 1);
    return backslashes % 2 == 1;
}

/// A token, or what is quoted. Nothing that is wanted here needs an escape.
std::optional<std::string_view> value_of(std::string_view text) {
    if (is_token(text))
        return text;
    if (text.size() < 2 || !text.starts_with('"') || !text.ends_with('"'))
        return std::nullopt;
    return text.substr(1, text.size() - 2);
}

std::string_view* slot_for(std::string_view name, Hop& hop) {
    if (same_ignoring_case(name, "for"))
        return &hop.node;
    if (same_ignoring_case(name, "proto"))
        return &hop.scheme;
    return same_ignoring_case(name, "host") ? &hop.host : nullptr;
}

/// False for what is no forwarded-pair (RFC 7239, 4), or says twice what is to be said once.
bool read_pair(std::string_view pair, Hop& hop) {
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || !is_token(pair.substr(0, equals)))
        return false;
    const auto value = value_of(pair.substr(equals + 1));
    auto* const slot = slot_for(pair.substr(0, equals), hop);
    if (!value || (slot != nullptr && slot->data() != nullptr))
        return false;
    if (slot != nullptr)
        *slot = *value;
    return true;
}

}  // namespace

// From the end, quotes included: a quote that a client left open cannot swallow what the proxy
// after it wrote.
std::string_view take_last(std::string_view& list, char separator) {
    bool quoted = false;
    auto begin = list.size();
    for (; begin > 0; --begin) {
        const char letter = list[begin - 1];
        if (letter == separator && !quoted)
            break;
        if (letter == '"' && !is_escaped(list, begin - 1))
            quoted = !quoted;
    }
    const auto element = trimmed(list.substr(begin));
    list = list.substr(0, begin == 0 ? 0 : begin - 1);
    return element;
}

bool ElementsFromLast::next() {
    while (true) {
        while (!rest_.empty())
            if (const auto element = take_last(rest_, ','); !element.empty())
                return element_ = element, true;
        if (headers_.empty())
            return false;
        const auto& [name, value] = headers_.back();
        if (same_ignoring_case(name, name_))
            rest_ = value;
        headers_ = headers_.first(headers_.size() - 1);
    }
}

XForwardedHops::XForwardedHops(std::span<const NamedText> headers)
    : nodes_(headers, "X-Forwarded-For"),
      schemes_(headers, "X-Forwarded-Proto"),
      hosts_(headers, "X-Forwarded-Host") {}

std::optional<Hop> XForwardedHops::next() {
    const bool named = nodes_.next();
    schemes_.next();
    hosts_.next();
    if (!named && begun_)
        return std::nullopt;
    begun_ = true;
    return Hop{nodes_.element(), schemes_.element(), hosts_.element()};
}

std::optional<Hop> ForwardedHops::next() {
    if (!elements_.next())
        return std::nullopt;
    Hop hop;
    for (auto element = elements_.element(); !element.empty();)
        if (const auto pair = take_last(element, ';'); !pair.empty() && !read_pair(pair, hop))
            return std::nullopt;
    return hop;
}

}  // namespace bulkhead::http
