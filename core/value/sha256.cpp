#include "value/sha256.hpp"

#include "value/hex.hpp"

#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <system_error>
#include <vector>

namespace bulkhead::value {

namespace {

constexpr std::size_t read_bytes = 1 << 20;

class Digest {
public:
    Digest() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
        require(context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr));
    }
    void add(std::string_view bytes) {
        require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
    }
    std::string text() {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        unsigned size = 0;
        require(EVP_DigestFinal_ex(context_.get(), digest.data(), &size));
        std::string text;
        for (unsigned index = 0; index < size; ++index)
            text.append({hex_digits[digest[index] >> 4U], hex_digits[digest[index] & 15U]});
        return text;
    }

private:
    static void require(int done) {
        if (done != 1)
            throw std::runtime_error("the cryptographic library computes no SHA-256");
    }

    std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_;
};

}  // namespace

std::string sha256(std::string_view bytes) {
    Digest digest;
    digest.add(bytes);
    return digest.text();
}

std::string sha256_of_file(int descriptor) {
    Digest digest;
    std::vector<char> room(read_bytes);
    for (off_t at = 0;;) {
        const auto count = ::pread(descriptor, room.data(), room.size(), at);
        if (count == 0)
            return digest.text();
        if (count < 0 && errno != EINTR)
            throw std::system_error(errno, std::generic_category(), "a file cannot be read");
        if (count > 0)
            digest.add({room.data(), static_cast<std::size_t>(count)}), at += count;
    }
}

}  // namespace bulkhead::value
