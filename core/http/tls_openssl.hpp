#pragma once
// Private to the tls_*.cpp of core/http: it shows OpenSSL.

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string_view>

namespace bulkhead::http {

template <auto Release>
struct Released {
    template <class T>
    void operator()(T* object) const {
        Release(object);
    }
};

using SslContext = std::unique_ptr<SSL_CTX, Released<SSL_CTX_free>>;
using Certificate = std::unique_ptr<X509, Released<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Released<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Released<BIO_free>>;

struct TlsPeer;

/// A BIO over a socket that never waits and never raises SIGPIPE; null for want of memory. The
/// socket stays the caller's, and its peer where it is.
Bio socket_bio(TlsPeer* peer);

}  // namespace bulkhead::http
