#include "http/vary.hpp"

#include "http/token.hpp"

namespace bulkhead::http {

namespace {

constexpr std::string_view label = "Vary: ";

bool covers(std::string_view list, std::string_view name) {
    bool found = false;
    for_each_element(list, [&](std::string_view element) {
        found = found || element == "*" || same_ignoring_case(element, name);
    });
    return found;
}

/// Where the value of the middleware's own Vary begins; npos where there is none yet.
std::size_t value_in(std::string_view lines) {
    for (auto at = lines.find(label); at != std::string_view::npos; at = lines.find(label, at + 1))
        if (at == 0 || lines[at - 1] == '\n')
            return at + label.size();
    return std::string_view::npos;
}

void add_to_lines(std::string& lines, std::string_view name) {
    const auto begin = value_in(lines);
    if (begin == std::string_view::npos) {
        lines.append(label).append(name).append("\r\n");
        return;
    }
    const auto end = lines.find('\r', begin);
    if (!covers(std::string_view(lines).substr(begin, end - begin), name))
        lines.insert(end, std::string(", ") += name);
}

}  // namespace

void vary_by(Exchange& exchange, std::string_view name) {
    std::string* given = nullptr;
    for (auto& [header, value] : exchange.reply.headers) {
        if (!same_ignoring_case(header, "Vary"))
            continue;
        if (covers(value, name))
            return;
        given = &value;
    }
    if (given == nullptr)
        add_to_lines(exchange.header_lines, name);
    else
        given->append(given->empty() ? "" : ", ").append(name);
}

}  // namespace bulkhead::http
