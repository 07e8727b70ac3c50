#include <bulkhead/base64url.hpp>

#include <openssl/evp.h>

#include <algorithm>

namespace bulkhead {
namespace {

const unsigned char* raw(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* raw(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

void swap_alphabet(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t index = 0; index < from.size(); ++index)
        std::ranges::replace(text, from[index], to[index]);
}

}  // namespace

std::string to_base64url(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    EVP_EncodeBlock(raw(text), raw(bytes), static_cast<int>(bytes.size()));
    text.resize((bytes.size() * 4 + 2) / 3);
    swap_alphabet(text, "+/", "-_");
    return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
    std::string padded(text);
    swap_alphabet(padded, "-_", "+/");
    padded.resize((text.size() + 3) / 4 * 4, '=');

    std::string bytes(padded.size() / 4 * 3, '\0');
    if (EVP_DecodeBlock(raw(bytes), raw(padded), static_cast<int>(padded.size())) < 0)
        return std::nullopt;
    bytes.resize(text.size() * 3 / 4);
    // OpenSSL is lenient; writing the bytes again tells whether the text was the canonical one.
    if (to_base64url(bytes) != text)
        return std::nullopt;
    return bytes;
}

}  // namespace bulkhead
