#include "http/features.hpp"

namespace bulkhead::http {

namespace {

std::optional<WrongKey> wrong_key(const TlsOptions& options) {
    if (options.min_version == "1.2" || options.min_version == "1.3")
        return std::nullopt;
    return wrong_value("tls.min_version", "must be 1.2 or 1.3", options.min_version);
}

}  // namespace

std::optional<WrongKey> wrong_key(const Features& features) {
    for (auto& wrong : {wrong_key(features.tls), wrong_key(features.forwarded),
                        wrong_key(features.security_headers), wrong_key(features.cors),
                        wrong_key(features.compression), wrong_key(features.files)})
        if (wrong)
            return wrong;
    return std::nullopt;
}

}  // namespace bulkhead::http
