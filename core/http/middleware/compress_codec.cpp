#include "http/middleware/compress_codec.hpp"

#include <brotli/encode.h>
#define ZLIB_CONST  // Its input is not written to.
#include <zlib.h>

#include <limits>
#include <memory>
#include <new>

namespace bulkhead::http {

namespace {

// A wider window would cost each reply more memory than it saves bytes.
constexpr int widest_window_bits = 18;
constexpr int gzip_window_bits = 15 + 16;  // zlib's way to ask for gzip's header.
constexpr int gzip_memory_level = 8;

/// One for each thread: setting it up costs more than most replies do.
class Deflater {
public:
    explicit Deflater(int level) : level_(level) {
        if (::deflateInit2(&stream_, level, Z_DEFLATED, gzip_window_bits, gzip_memory_level,
                           Z_DEFAULT_STRATEGY) != Z_OK)
            throw std::bad_alloc();
    }
    ~Deflater() { ::deflateEnd(&stream_); }
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;

    /// How many bytes of `out` it took; 0 where these are too few.
    std::size_t run(std::string_view text, std::string& out, int level) {
        ::deflateReset(&stream_);
        if (level != level_)
            ::deflateParams(&stream_, level_ = level, Z_DEFAULT_STRATEGY);
        stream_.next_in = reinterpret_cast<const Bytef*>(text.data());
        stream_.avail_in = static_cast<uInt>(text.size());
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = static_cast<uInt>(out.size());
        return ::deflate(&stream_, Z_FINISH) == Z_STREAM_END ? stream_.total_out : 0;
    }

private:
    z_stream stream_{};
    int level_;
};

std::size_t gzip(std::string_view text, std::string& out, int level) {
    thread_local Deflater deflater(level);
    return deflater.run(text, out, level);
}

int window_for(std::size_t bytes) {
    int bits = BROTLI_MIN_WINDOW_BITS;
    while (bits < widest_window_bits && (std::size_t{1} << bits) < bytes)
        ++bits;
    return bits;
}

// Its state cannot be used twice (libbrotlienc 1.0).
std::size_t brotli(std::string_view text, std::string& out, int level) {
    const std::unique_ptr<BrotliEncoderState, void (*)(BrotliEncoderState*)> encoder(
        ::BrotliEncoderCreateInstance(nullptr, nullptr, nullptr), ::BrotliEncoderDestroyInstance);
    if (!encoder)
        throw std::bad_alloc();
    const auto set = [&](BrotliEncoderParameter parameter, std::size_t value) {
        ::BrotliEncoderSetParameter(encoder.get(), parameter, static_cast<std::uint32_t>(value));
    };
    set(BROTLI_PARAM_QUALITY, static_cast<std::size_t>(level));
    set(BROTLI_PARAM_LGWIN, static_cast<std::size_t>(window_for(text.size())));
    set(BROTLI_PARAM_SIZE_HINT, text.size());

    const auto* in = reinterpret_cast<const std::uint8_t*>(text.data());
    auto* next = reinterpret_cast<std::uint8_t*>(out.data());
    auto in_bytes = text.size();
    auto room = out.size();
    const bool done = ::BrotliEncoderCompressStream(encoder.get(), BROTLI_OPERATION_FINISH,
                                                    &in_bytes, &in, &room, &next, nullptr) != 0;
    return done && ::BrotliEncoderIsFinished(encoder.get()) != 0 ? out.size() - room : 0;
}

}  // namespace

std::optional<std::string> compressed(Coding coding, std::string_view text, std::size_t most_bytes,
                                      const CompressionOptions& options) {
    if (text.size() > std::numeric_limits<uInt>::max() || most_bytes == 0)
        return std::nullopt;
    std::string out(std::min(most_bytes, text.size()), '\0');
    const auto bytes = coding == Coding::gzip ? gzip(text, out, options.gzip_level)
                                              : brotli(text, out, options.br_level);
    if (bytes == 0)
        return std::nullopt;
    out.resize(bytes);
    return out;
}

}  // namespace bulkhead::http
