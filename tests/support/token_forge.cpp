#include "support/token_forge.hpp"

#include <bulkhead/base64url.hpp>

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <boost/json.hpp>

#include <cstdio>
#include <memory>
#include <stdexcept>

namespace bulkhead::test {
namespace {

boost::json::object decoded(std::string_view part) {
    return boost::json::parse(bulkhead::from_base64url(part).value()).as_object();
}

std::shared_ptr<EVP_PKEY> read_key(const std::filesystem::path& pem) {
    const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(pem.c_str(), "r"), std::fclose);
    if (!file)
        throw std::runtime_error("no key in " + pem.string());
    return {PEM_read_PrivateKey(file.get(), nullptr, nullptr, nullptr), EVP_PKEY_free};
}

std::string der_signature(std::string_view text, const std::filesystem::path& pem) {
    const auto key = read_key(pem);
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> digest(EVP_MD_CTX_new(),
                                                                    EVP_MD_CTX_free);
    unsigned char signature[128];
    std::size_t size = sizeof signature;
    EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key.get());
    EVP_DigestSign(digest.get(), signature, &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    return {reinterpret_cast<const char*>(signature), size};
}

std::string r_and_s(const std::string& der) {
    const auto* in = reinterpret_cast<const unsigned char*>(der.data());
    const std::unique_ptr<ECDSA_SIG, void (*)(ECDSA_SIG*)> pair(
        d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())), ECDSA_SIG_free);
    std::string text(64, '\0');
    auto* out = reinterpret_cast<unsigned char*>(text.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), out, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), out + 32, 32);
    return text;
}

}  // namespace

TokenParts parts_of(std::string_view token) {
    const auto first = token.find('.');
    const auto last = token.rfind('.');
    return {decoded(token.substr(0, first)), decoded(token.substr(first + 1, last - first - 1)),
            std::string(token.substr(last + 1))};
}

std::string forged(const boost::json::object& header, const boost::json::object& claims,
                   const std::filesystem::path& pem) {
    const auto text = bulkhead::to_base64url(boost::json::serialize(header)) + "." +
                      bulkhead::to_base64url(boost::json::serialize(claims));
    return text + "." + bulkhead::to_base64url(r_and_s(der_signature(text, pem)));
}

}  // namespace bulkhead::test
