#pragma once
// Self-signed certificates, as many as a test needs, made at once.

#include <filesystem>
#include <string>

struct CertificateSetup {
    std::string name = "localhost";  ///< CN
    int rsa_bits = 0;                ///< 0: ECDSA on P-256
    int begins_in_days = -1;
    int expires_in_days = 30;
    std::string passphrase{};  ///< of the key; empty: none
};

/// A certificate and its key, PEM.
struct PemPair {
    explicit PemPair(const CertificateSetup& setup = {});

    /// As `server.pem` and `server.key` in `folder`, each replaced in one step.
    void write_to(const std::filesystem::path& folder) const;

    std::string certificate;
    std::string key;
};
