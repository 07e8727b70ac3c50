#include "http/query.hpp"

#include "value/percent.hpp"

namespace bulkhead::http {

std::vector<QueryParameter> query_parameters(std::string_view query) {
    std::vector<QueryParameter> parameters;
    while (!query.empty()) {
        const auto piece = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), piece.size() + 1));
        if (piece.empty())
            continue;
        const auto name = piece.substr(0, piece.find('='));
        const auto value = piece.substr(std::min(piece.size(), name.size() + 1));
        parameters.push_back(
            {value::percent_decoded(name, value::Plus::space).value_or(std::string(name)),
             value::percent_decoded(value, value::Plus::space)});
    }
    return parameters;
}

}  // namespace bulkhead::http
