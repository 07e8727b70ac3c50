#pragma once

#include "http/tls_files.hpp"
#include "http/tls_tickets.hpp"

#include <chrono>
#include <memory>

struct ssl_ctx_st;

namespace bulkhead::http {

/// A server's certificate, for people and for comparison; nothing of it is secret.
struct CertificateSummary {
    std::string subject;  ///< "CN=example.org"
    Timestamp begins{};
    Timestamp expires{};
    std::string sha256;  ///< of its DER form, 64 hex digits: what browsers show as fingerprint

    /// One sentence with the remedy if it is not valid at `time` or soon will not be; else empty.
    std::string warning_at(Timestamp time) const;
};

/// What all TLS connections of a generation have in common: versions, ciphers, ALPN, certificate,
/// keys of tickets. TLS 1.2 with forward secrecy and AEAD (Mozilla, Server Side TLS 5.7,
/// "intermediate", without finite-field DHE) and TLS 1.3; neither renegotiation nor compression nor
/// early data. Any thread.
class TlsContext {
public:
    /// Refused with a sentence that names the key of plugins.toml, what was found and what is
    /// expected: no PEM, an encrypted key, a key of another certificate, a weak one. An expired
    /// certificate is not refused: whoever renews it late must be able to apply it.
    static Result<std::shared_ptr<const TlsContext>> create(const TlsOptions& options,
                                                            const TlsFiles& files,
                                                            const TicketSeed& seed = {});
    ~TlsContext();

    const CertificateSummary& certificate() const;
    std::chrono::seconds handshake_limit() const;
    ssl_ctx_st* handle() const;

private:
    struct Parts;
    explicit TlsContext(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace bulkhead::http
