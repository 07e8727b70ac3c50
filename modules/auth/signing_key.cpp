#include "signing_key.hpp"

#include "digest.hpp"
#include "key_file.hpp"

#include <bulkhead/base64url.hpp>

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <stdexcept>
#include <utility>

namespace auth {
namespace {

constexpr int scalar_bytes = 32;

template <auto Free>
struct Freed {
    void operator()(auto* object) const { Free(object); }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;
using Key = std::shared_ptr<EVP_PKEY>;

const unsigned char* raw(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* raw(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

void demand(bool done, const char* what) {
    if (!done)
        throw std::runtime_error(std::string("OpenSSL could not ") + what);
}

Key owned(EVP_PKEY* key) {
    return {key, EVP_PKEY_free};
}

std::string fresh_pem() {
    const auto key = owned(EVP_EC_gen("P-256"));
    const Bio out(BIO_new(BIO_s_mem()));
    demand(key && out &&
               PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                             nullptr) == 1,
           "make a P-256 key");
    char* text = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

// Without a callback OpenSSL would ask on the terminal for the password of an encrypted key.
int no_password(char*, int, int, void*) {
    return -1;
}

Key key_of(const std::string& pem) {
    const Bio in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    auto key = owned(PEM_read_bio_PrivateKey(in.get(), nullptr, no_password, nullptr));
    char group[32] = {};
    const bool fits = key &&
                      EVP_PKEY_get_group_name(key.get(), group, sizeof group, nullptr) == 1 &&
                      std::string_view(group) == "prime256v1";
    return fits ? key : nullptr;
}

std::string text_of(const BIGNUM* number) {
    std::string bytes(scalar_bytes, '\0');
    demand(BN_bn2binpad(number, raw(bytes), scalar_bytes) == scalar_bytes, "write a number");
    return bytes;
}

std::string coordinate(const Key& key, const char* name) {
    BIGNUM* number = nullptr;
    demand(EVP_PKEY_get_bn_param(key.get(), name, &number) == 1, "read a public key");
    return bulkhead::to_base64url(text_of(Number(number).get()));
}

// The members that RFC 7638, 3.2, demands, in its order and without white space.
std::string thumbprint(const Key& key) {
    return bulkhead::to_base64url(sha256(R"({"crv":"P-256","kty":"EC","x":")" +
                                         coordinate(key, OSSL_PKEY_PARAM_EC_PUB_X) + R"(","y":")" +
                                         coordinate(key, OSSL_PKEY_PARAM_EC_PUB_Y) + R"("})"));
}

std::string der_of(std::string_view signature) {
    const auto number = [&](std::size_t at) {
        return BN_bin2bn(raw(signature.substr(at)), scalar_bytes, nullptr);
    };
    const Signature pair(ECDSA_SIG_new());
    demand(ECDSA_SIG_set0(pair.get(), number(0), number(scalar_bytes)) == 1, "read a signature");
    std::string der(static_cast<std::size_t>(i2d_ECDSA_SIG(pair.get(), nullptr)), '\0');
    auto* out = raw(der);
    i2d_ECDSA_SIG(pair.get(), &out);
    return der;
}

}  // namespace

SigningKey SigningKey::open(const std::string& file) {
    auto key = key_of(read_or_make_private_file(file, fresh_pem));
    if (!key)
        throw std::runtime_error(
            file +
            " holds no unencrypted P-256 private key in PEM form: put one there, or remove "
            "the file so that a new key is made (every token given out becomes invalid)");
    return SigningKey(std::move(key));
}

SigningKey::SigningKey(Key key) : key_(std::move(key)), id_(thumbprint(key_)) {}

std::string SigningKey::sign(std::string_view text) const {
    const Digest digest(EVP_MD_CTX_new());
    std::string der(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
    std::size_t size = der.size();
    demand(EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
               EVP_DigestSign(digest.get(), raw(der), &size, raw(text), text.size()) == 1,
           "sign");
    const auto* in = raw(std::as_const(der));
    const Signature pair(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(size)));
    demand(pair != nullptr, "read its own signature");
    return text_of(ECDSA_SIG_get0_r(pair.get())) + text_of(ECDSA_SIG_get0_s(pair.get()));
}

bool SigningKey::verifies(std::string_view text, std::string_view signature) const {
    if (signature.size() != signature_bytes)
        return false;
    const auto der = der_of(signature);
    const Digest digest(EVP_MD_CTX_new());
    return EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
           EVP_DigestVerify(digest.get(), raw(der), der.size(), raw(text), text.size()) == 1;
}

}  // namespace auth
