#include "support/certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <fstream>
#include <memory>
#include <stdexcept>

namespace {

constexpr long seconds_per_day = 86'400;

template <auto release>
struct Released {
    template <class T>
    void operator()(T* object) const {
        release(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Released<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Released<X509_free>>;
using Bio = std::unique_ptr<BIO, Released<BIO_free>>;

void require(bool good) {
    if (!good)
        throw std::runtime_error("the test makes no certificate");
}

Certificate self_signed(const CertificateSetup& setup, EVP_PKEY* key) {
    Certificate made(X509_new());
    unsigned char serial[8];
    require(made && RAND_bytes(static_cast<unsigned char*>(serial), sizeof serial) == 1);
    X509_set_version(made.get(), X509_VERSION_3);
    serial[0] = 1;  // DER has no leading zeros, and a serial number no sign.
    ASN1_INTEGER* const number = X509_get_serialNumber(made.get());
    require(ASN1_STRING_set(number, static_cast<unsigned char*>(serial), sizeof serial) == 1);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), setup.begins_in_days * seconds_per_day);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), setup.expires_in_days * seconds_per_day);
    X509_NAME* const name = X509_get_subject_name(made.get());
    const auto* const text = reinterpret_cast<const unsigned char*>(setup.name.c_str());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0);
    X509_set_issuer_name(made.get(), name);
    X509_set_pubkey(made.get(), key);
    require(X509_sign(made.get(), key, EVP_sha256()) > 0);
    return made;
}

std::string text_in(BIO* bio) {
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio, &text);
    return {text, static_cast<std::size_t>(size)};
}

std::string pem_of(const X509& certificate) {
    const Bio bio(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_X509(bio.get(), &certificate) == 1);
    return text_in(bio.get());
}

std::string pem_of(const EVP_PKEY& key, const std::string& passphrase) {
    const Bio bio(BIO_new(BIO_s_mem()));
    const auto* const secret = reinterpret_cast<const unsigned char*>(passphrase.data());
    require(PEM_write_bio_PrivateKey(bio.get(), &key,
                                     passphrase.empty() ? nullptr : EVP_aes_256_cbc(), secret,
                                     static_cast<int>(passphrase.size()), nullptr, nullptr) == 1);
    return text_in(bio.get());
}

void replace(const std::filesystem::path& file, const std::string& text) {
    const auto fresh = file.string() + ".new";
    std::ofstream(fresh) << text;
    std::filesystem::rename(fresh, file);
}

}  // namespace

PemPair::PemPair(const CertificateSetup& setup) {
    const Key made(setup.rsa_bits > 0 ? EVP_RSA_gen(static_cast<unsigned>(setup.rsa_bits))
                                      : EVP_EC_gen("P-256"));
    require(made != nullptr);
    certificate = pem_of(*self_signed(setup, made.get()));
    key = pem_of(*made, setup.passphrase);
}

void PemPair::write_to(const std::filesystem::path& folder) const {
    replace(folder / "server.pem", certificate);
    replace(folder / "server.key", key);
}
