#include "http/target.hpp"

#include "http/scan.hpp"
#include "value/hex.hpp"

#include <algorithm>

namespace bulkhead::http {

namespace {

constexpr LetterSet name_letters("-._~!$&'()*+,;=");

Error bad_target(std::string message) {
    return Error::malformed("http.bad_target", std::move(message));
}

bool is_hex(char letter) {
    return value::hex_value(letter) >= 0;
}

bool is_port(std::string_view text) {
    unsigned port = 0;
    for (const char digit : text.substr(0, 5)) {
        if (!is_digit(digit))
            return false;
        port = port * 10 + static_cast<unsigned>(digit - '0');
    }
    return text.size() <= 5 && port <= 65'535;
}

// Length of "[::1]" at the front of `text`; 0 if there is none.
std::size_t address_length(std::string_view text) {
    const auto end = text.find(']');
    if (end == std::string_view::npos || end < 3)
        return 0;
    const auto is_letter = [](char letter) {
        return is_hex(letter) || letter == ':' || letter == '.';
    };
    return std::ranges::all_of(text.substr(1, end - 1), is_letter) ? end + 1 : 0;
}

bool begins_with_escape(std::string_view text) {
    return text.size() >= 3 && text[0] == '%' && is_hex(text[1]) && is_hex(text[2]);
}

// Length of a host name up to its port; 0 if there is none.
std::size_t name_length(std::string_view text) {
    for (std::size_t length = 0;; length += 3) {
        while (length < text.size() && name_letters.has(text[length]))
            ++length;
        if (!begins_with_escape(text.substr(length)))
            return length;
    }
}

// Length of "http://" or "https://" at the front of `target`; 0 without one.
std::size_t scheme_length(std::string_view target) {
    for (const std::string_view scheme : {"http://", "https://"})
        if (same_ignoring_case(target.substr(0, scheme.size()), scheme))
            return scheme.size();
    return 0;
}

Error forbidden_byte(std::string_view target, std::size_t position) {
    if (target[position] == '#')
        return bad_target(
            "The request target has a fragment ('#'), which is never sent to a "
            "server.");
    return bad_target("The request target has a byte that must be percent-encoded, at position " +
                      std::to_string(position) + ".");
}

Target split_query(std::string_view target) {
    const auto mark = target.find('?');
    if (mark == std::string_view::npos)
        return {target, {}, {}};
    return {target.substr(0, mark), target.substr(mark + 1), {}};
}

Result<Target> split_absolute(std::string_view method, std::string_view behind_scheme) {
    const auto path = std::min(behind_scheme.find_first_of("/?"), behind_scheme.size());
    if (!is_host(behind_scheme.substr(0, path)))
        return bad_target("The request target is a URL whose host is empty or malformed.");
    auto parts = split_query(behind_scheme.substr(path));
    parts.authority = behind_scheme.substr(0, path);
    if (parts.path.empty())  // RFC 9112, 3.2.4: without path and query, OPTIONS means the server.
        parts.path = method == "OPTIONS" && path == behind_scheme.size() ? "*" : "/";
    return parts;
}

}  // namespace

bool is_host(std::string_view text) {
    const auto end = text.starts_with('[') ? address_length(text) : name_length(text);
    return end > 0 && (end == text.size() || (text[end] == ':' && is_port(text.substr(end + 1))));
}

Result<Target> split_target(std::string_view method, std::string_view target) {
    const char* const end = target.data() + target.size();
    const char* const path_end = scan<PathStop>(target.data(), target.data() + target.size());
    const char* stop = path_end;
    while (stop != end && *stop == '?')
        stop = scan<PathStop>(stop + 1, end);
    if (stop != end)
        return forbidden_byte(target, static_cast<std::size_t>(stop - target.data()));
    const auto path_bytes = static_cast<std::size_t>(path_end - target.data());
    if (target.starts_with('/'))
        return Target{target.substr(0, path_bytes),
                      target.substr(std::min(path_bytes + 1, target.size())),
                      {}};
    if (const auto length = scheme_length(target); length != 0)
        return split_absolute(method, target.substr(length));
    if (target == "*" && method == "OPTIONS")
        return Target{target, {}, {}};
    return bad_target("The request target must be a path that begins with '/', or an http URL.");
}

}  // namespace bulkhead::http
