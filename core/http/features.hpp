#pragma once

#include "http/middleware/compression_options.hpp"
#include "http/middleware/cors_options.hpp"
#include "http/middleware/forwarded_options.hpp"
#include "http/middleware/rate_limit_options.hpp"
#include "http/middleware/security_header_options.hpp"
#include "http/static_options.hpp"
#include "http/tls_options.hpp"

#include <map>

namespace bulkhead::http {

/// The tables of plugins.toml that shape single features of HTTP; [http] itself holds the limits.
struct Features {
    TlsOptions tls;
    ForwardedOptions forwarded;
    SecurityHeaderOptions security_headers;
    CorsOptions cors;
    CompressionOptions compression;
    RateLimitOptions rate_limit;
    std::map<std::string, StaticOptions> files;  ///< [static.<name>], by name
};

/// The first key of them that cannot be served, if there is one.
std::optional<WrongKey> wrong_key(const Features& features);

}  // namespace bulkhead::http
