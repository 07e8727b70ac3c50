#include <bulkhead/request.hpp>

#include "http/token.hpp"

#include <algorithm>

namespace bulkhead {

bool Caller::may(std::string_view scope) const {
    return std::ranges::any_of(
        scopes, [&](const std::string& granted) { return granted == scope || granted == "*"; });
}

std::optional<std::string_view> Request::header(std::string_view name) const {
    const auto found = std::ranges::find_if(headers, [&](const NamedText& header) {
        return http::same_ignoring_case(header.name, name);
    });
    return found == headers.end() ? std::nullopt : std::optional(found->value);
}

std::string_view Request::path_parameter(std::string_view name) const {
    const auto found = std::ranges::find(path_parameters, name, &NamedText::name);
    return found == path_parameters.end() ? std::string_view{} : found->value;
}

}  // namespace bulkhead
