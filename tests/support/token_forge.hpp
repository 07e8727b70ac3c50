#pragma once
// Tokens as a thief with the server's own key could make them: an independent second writer of
// JWTs, so that tests can be wrong in one place and right in all others.

#include <boost/json/object.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace bulkhead::test {

/// A compact JWS, taken apart; the header and the claims are decoded.
struct TokenParts {
    boost::json::object header;
    boost::json::object claims;
    std::string signature;  ///< still encoded
};
TokenParts parts_of(std::string_view token);

/// Signs with the P-256 key in `pem`, whatever header and claims say.
std::string forged(const boost::json::object& header, const boost::json::object& claims,
                   const std::filesystem::path& pem);

}  // namespace bulkhead::test
