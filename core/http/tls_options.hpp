#pragma once

#include <bulkhead/shape.hpp>

namespace bulkhead::http {

/// [tls] of plugins.toml: HTTPS beside, or instead of, plain HTTP. Read by each generation anew, so
/// that a renewed certificate is taken over by `bulkhead apply`.
struct TlsOptions {
    std::string listen;       ///< empty: no TLS
    std::string certificate;  ///< PEM file: the server's own certificate, then those above it
    std::string key;          ///< PEM file
    std::string min_version = "1.2";
    std::int32_t handshake_seconds = 10;
    std::int32_t session_seconds = 7'200;
    bool redirect = false;
    std::int32_t redirect_port = 443;

    static auto fields() {
        return shape(field("listen", &TlsOptions::listen, length(0, 255)),
                     field("certificate", &TlsOptions::certificate, length(0, 4'096)),
                     field("key", &TlsOptions::key, length(0, 4'096)),
                     field("min_version", &TlsOptions::min_version, length(3, 3)),
                     field("handshake_seconds", &TlsOptions::handshake_seconds, between(1, 600)),
                     field("session_seconds", &TlsOptions::session_seconds, between(0, 604'800)),
                     field("redirect", &TlsOptions::redirect),
                     field("redirect_port", &TlsOptions::redirect_port, between(1, 65'535)));
    }
};

}  // namespace bulkhead::http
