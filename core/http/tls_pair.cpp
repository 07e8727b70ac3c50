#include "http/tls_pair.hpp"

#include "value/sha256.hpp"

#include <openssl/pem.h>

#include <ctime>

namespace bulkhead::http {

namespace {

Error refused(std::string why) {
    ERR_clear_error();
    return Error::invalid("config.invalid", std::move(why));
}

std::string named(const std::string& key, const std::string& path) {
    return key + " (" + path + ")";
}

// OpenSSL would ask for it on the terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

Bio memory_bio(const std::string& text) {
    Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    if (!bio)
        throw std::bad_alloc();
    return bio;
}

bool at_end_of_pem() {
    const auto error = ERR_peek_last_error();
    return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

Result<std::vector<Certificate>> parse_certificates(const TlsOptions& options,
                                                    const std::string& text) {
    const auto bio = memory_bio(text);
    std::vector<Certificate> found;
    ERR_clear_error();
    bool unused = false;
    while (X509* const one = PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, &unused))
        found.emplace_back(one);
    const auto file = named("tls.certificate", options.certificate);
    if (!at_end_of_pem())
        return refused(file + ": certificate number " + std::to_string(found.size() + 1) +
                       " cannot be read; expected PEM text as the authority has issued it");
    if (found.empty())
        return refused(file +
                       " holds no certificate; expected PEM text that begins with "
                       "\"-----BEGIN CERTIFICATE-----\", the server's own first");
    ERR_clear_error();
    return found;
}

Result<PrivateKey> parse_key(const TlsOptions& options, const std::string& text) {
    const auto bio = memory_bio(text);
    bool asked = false;
    PrivateKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, &asked));
    const auto file = named("tls.key", options.key);
    if (key)
        return key;
    if (asked)
        return refused(file +
                       " is encrypted with a passphrase; expected a key without one, in a file "
                       "that the server's user alone may read: openssl pkey -in OLD -out NEW");
    return refused(file +
                   " holds no private key that can be read; expected PEM text that begins with "
                   "\"-----BEGIN PRIVATE KEY-----\"");
}

std::string subject_of(const X509& certificate) {
    const Bio bio(BIO_new(BIO_s_mem()));
    X509_NAME_print_ex(bio.get(), X509_get_subject_name(&certificate), 0,
                       XN_FLAG_ONELINE & ~XN_FLAG_SPC_EQ);
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

Timestamp time_of(const ASN1_TIME* time) {
    std::tm broken_down{};
    if (ASN1_TIME_to_tm(time, &broken_down) != 1)
        return {};
    return Timestamp(std::chrono::seconds(::timegm(&broken_down)));
}

std::string der_of(const X509& certificate) {
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(&certificate, &bytes);
    if (size < 0)
        throw std::bad_alloc();
    std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return der;
}

}  // namespace

Result<TlsPair> parse_tls_pair(const TlsOptions& options, const TlsFiles& files) {
    auto certificates = parse_certificates(options, files.certificate);
    if (!certificates)
        return std::move(certificates.error());
    auto key = parse_key(options, files.key);
    if (!key)
        return std::move(key.error());
    auto own = std::move(certificates->front());
    certificates->erase(certificates->begin());
    if (X509_check_private_key(own.get(), key->get()) != 1)
        return refused(named("tls.key", options.key) +
                       " is not the key of the first certificate in " +
                       named("tls.certificate", options.certificate) + ", " + subject_of(*own) +
                       "; expected the key that this certificate was issued for, and the server's "
                       "own certificate before those above it");
    return TlsPair{std::move(own), *std::move(certificates), *std::move(key)};
}

Result<> use_tls_pair(const TlsOptions& options, const TlsPair& pair, SSL_CTX& context) {
    bool good = SSL_CTX_use_certificate(&context, pair.certificate.get()) == 1 &&
                SSL_CTX_use_PrivateKey(&context, pair.key.get()) == 1;
    for (const auto& above : pair.chain)
        good = good && SSL_CTX_add1_chain_cert(&context, above.get()) == 1;
    if (good)
        return Done{};
    const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
    return refused(named("tls.certificate", options.certificate) + " with " +
                   named("tls.key", options.key) + " cannot be used (" +
                   (reason == nullptr ? "no reason given" : reason) +
                   "); expected RSA of at least 2048 bits or ECDSA on P-256 or more, signed with "
                   "SHA-256 or better");
}

CertificateSummary summary_of(const X509& certificate) {
    return {subject_of(certificate), time_of(X509_get0_notBefore(&certificate)),
            time_of(X509_get0_notAfter(&certificate)), value::sha256(der_of(certificate))};
}

std::string CertificateSummary::warning_at(Timestamp time) const {
    constexpr std::chrono::days soon{7};
    const auto named = "the certificate of tls.certificate (" + subject + ") ";
    if (time < begins)
        return named + "is not valid before " + to_text(begins) + "; set this machine's clock";
    if (time >= expires)
        return named + "has expired at " + to_text(expires) +
               "; put a renewed one in its place and run `bulkhead apply`";
    if (time >= expires - soon)
        return named + "expires at " + to_text(expires) +
               "; put a renewed one in its place and run `bulkhead apply`";
    return {};
}

}  // namespace bulkhead::http
