#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::http {

/// One `name=value` of a query string, decoded as forms are: '+' is a space.
struct QueryParameter {
    std::string name;                  ///< as sent where it cannot be decoded
    std::optional<std::string> value;  ///< empty where it cannot be decoded
};

/// All of them, in order; a name without '=' has an empty value.
std::vector<QueryParameter> query_parameters(std::string_view query);

}  // namespace bulkhead::http
