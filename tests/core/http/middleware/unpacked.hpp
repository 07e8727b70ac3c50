#pragma once
// What a client makes of a compressed body.

#include <brotli/decode.h>
#define ZLIB_CONST  // Its input is not written to.
#include <zlib.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace bulkhead::http::test {

constexpr std::size_t most_unpacked_bytes = 8'388'608;

inline std::string gunzipped(std::string_view body) {
    constexpr int gzip_only = 15 + 16;
    std::string text(most_unpacked_bytes, '\0');
    z_stream stream{};
    stream.next_in = reinterpret_cast<const Bytef*>(body.data());
    stream.avail_in = static_cast<uInt>(body.size());
    stream.next_out = reinterpret_cast<Bytef*>(text.data());
    stream.avail_out = static_cast<uInt>(text.size());
    ::inflateInit2(&stream, gzip_only);
    const int state = ::inflate(&stream, Z_FINISH);
    const bool whole = state == Z_STREAM_END && stream.avail_in == 0;
    text.resize(stream.total_out);
    ::inflateEnd(&stream);
    return whole ? text : throw std::runtime_error("no gzip");
}

inline std::string unbrotlied(std::string_view body) {
    std::string text(most_unpacked_bytes, '\0');
    auto bytes = text.size();
    if (::BrotliDecoderDecompress(body.size(), reinterpret_cast<const std::uint8_t*>(body.data()),
                                  &bytes, reinterpret_cast<std::uint8_t*>(text.data())) !=
        BROTLI_DECODER_RESULT_SUCCESS)
        throw std::runtime_error("no brotli");
    text.resize(bytes);
    return text;
}

/// Throws std::runtime_error for a body that is not in this coding, whole, with nothing behind it.
inline std::string unpacked(std::string_view coding, std::string_view body) {
    return coding == "gzip" ? gunzipped(body) : unbrotlied(body);
}

}  // namespace bulkhead::http::test
