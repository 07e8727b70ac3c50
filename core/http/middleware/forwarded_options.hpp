#pragma once

#include "http/wrong_key.hpp"

#include <bulkhead/shape.hpp>

namespace bulkhead::http {

/// [forwarded] of plugins.toml: whose word is taken for who the client is. A header that anybody
/// may write proves nothing, so by default nobody's.
struct ForwardedOptions {
    std::vector<std::string> trusted;
    std::string header = "x-forwarded";

    static auto fields() {
        return shape(field("trusted", &ForwardedOptions::trusted, items(0, 256)),
                     field("header", &ForwardedOptions::header, length(1, 32)));
    }
};

std::optional<WrongKey> wrong_key(const ForwardedOptions& options);

}  // namespace bulkhead::http
