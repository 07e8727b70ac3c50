#include "value/sha256.hpp"

#include "value/hex.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace bulkhead::value {

std::string sha256(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("the cryptographic library computes no SHA-256");

    std::string text;
    for (unsigned index = 0; index < size; ++index)
        text.append({hex_digits[digest[index] >> 4U], hex_digits[digest[index] & 15U]});
    return text;
}

}  // namespace bulkhead::value
