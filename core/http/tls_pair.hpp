#pragma once
// Private to the tls_*.cpp of core/http: it shows OpenSSL.

#include "http/tls_context.hpp"
#include "http/tls_openssl.hpp"

#include <vector>

namespace bulkhead::http {

/// A certificate, those that vouch for it, and its key.
struct TlsPair {
    Certificate certificate;
    std::vector<Certificate> chain;
    PrivateKey key;
};

/// Refused with a sentence that names the key of plugins.toml and the path there.
Result<TlsPair> parse_tls_pair(const TlsOptions& options, const TlsFiles& files);
/// Hands the pair to `context`; refused where it is too weak for it.
Result<> use_tls_pair(const TlsOptions& options, const TlsPair& pair, SSL_CTX& context);

CertificateSummary summary_of(const X509& certificate);

}  // namespace bulkhead::http
