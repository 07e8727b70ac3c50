#pragma once
// The key pair that signs access tokens: ES256, that is ECDSA on P-256 with SHA-256 (RFC 7518,
// 3.4).

#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace auth {

/// Any thread.
class SigningKey {
public:
    static constexpr std::string_view algorithm = "ES256";
    static constexpr std::size_t signature_bytes = 64;

    /// Reads the PEM file; makes it first, with mode 0600, where there is none. Two processes that
    /// start at once agree on one key. Throws std::runtime_error with a sentence: no P-256 private
    /// key in it, others than its owner may read it, the folder cannot be written.
    static SigningKey open(const std::string& file);

    /// The key's thumbprint (RFC 7638): `kid`.
    const std::string& id() const { return id_; }
    /// r and s, 32 bytes each.
    std::string sign(std::string_view text) const;
    bool verifies(std::string_view text, std::string_view signature) const;

private:
    explicit SigningKey(std::shared_ptr<evp_pkey_st> key);

    std::shared_ptr<evp_pkey_st> key_;
    std::string id_;
};

}  // namespace auth
