#pragma once
// The same requests read by Boost.Beast, written by others: what both accept must mean the same.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fuzz {

/// One whole request.
struct BeastRequest {
    std::string method;
    std::string target;
    int version = 0;  ///< 11 for HTTP/1.1
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;
    std::size_t bytes = 0;  ///< the next request begins behind them
    bool keeps_alive = false;
};

/// Empty if Beast refuses it, or wants more.
std::optional<BeastRequest> read_with_beast(std::string_view text);

}  // namespace fuzz
