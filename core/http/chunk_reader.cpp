#include "http/chunk_reader.hpp"

#include <charconv>

namespace bulkhead::http {

namespace {

constexpr std::size_t free_size_bytes = 16;  // The digits of 64 bits; what is more, is paid for.

// RFC 9112, 7.1.1: extensions may have space before them, and nothing else may follow the size.
bool is_extension(std::string_view text) {
    return text.empty() || trimmed(text).starts_with(';');
}

}  // namespace

void ChunkReader::begin(std::size_t limit_bytes) {
    part_ = Part::size;
    limit_bytes_ = limit_bytes;
    chunk_bytes_ = 0;
    spare_bytes_ = static_cast<std::size_t>(options_.header_bytes);
    trailers_ = 0;
    scanned_ = 0;
    refusal.reset();
}

std::size_t ChunkReader::most_left_bytes(const Options& options) {
    return static_cast<std::size_t>(options.header_bytes) + free_size_bytes + 2;
}

Parsed ChunkReader::read(std::string_view& text) {
    while (part_ != Part::end)
        if (const auto parsed = read_part(text); parsed != Parsed::complete)
            return parsed;
    return Parsed::complete;
}

Parsed ChunkReader::read_part(std::string_view& text) {
    switch (part_) {
        case Part::size:
            return read_size(text);
        case Part::bytes:
            return read_bytes(text);
        case Part::bytes_end:
            return read_bytes_end(text);
        case Part::trailers:
            return read_trailer(text);
        case Part::end:
            break;
    }
    return Parsed::complete;
}

Parsed ChunkReader::read_size(std::string_view& text) {
    Lines lines(text, scanned_);
    const bool found = lines.find();
    if (!is_affordable(lines, free_size_bytes))
        return refuse_length();
    const auto line = lines.line();
    const auto passed = found ? lines.pass() : Parsed::need_more;
    if (passed == Parsed::need_more)
        return wait_for_more(lines);
    if (passed == Parsed::refused)
        return refuse_chunk(
            "A chunk's first line has a control character or is not ended by CR LF.");
    const auto judged = judge_size(line);
    if (judged == Parsed::complete)
        take_line(text, lines, free_size_bytes);
    return judged;
}

Parsed ChunkReader::judge_size(std::string_view line) {
    const char* const end = line.data() + line.size();
    const auto [stop, error] =
        std::from_chars(line.data(), line.data() + line.size(), chunk_bytes_, 16);
    if (error != std::errc{} || !is_extension({stop, end}))
        return refuse_chunk("A chunk does not begin with its size, in hexadecimal digits.");
    if (chunk_bytes_ > limit_bytes_ - body_.size())
        return refuse({ErrorKind::too_large, "http.body_too_large",
                       "The body is longer than " + std::to_string(limit_bytes_) + " bytes."});
    part_ = chunk_bytes_ == 0 ? Part::trailers : Part::bytes;
    return Parsed::complete;
}

Parsed ChunkReader::read_bytes(std::string_view& text) {
    const auto here = text.substr(0, chunk_bytes_);
    body_ += here;
    text.remove_prefix(here.size());
    chunk_bytes_ -= here.size();
    if (chunk_bytes_ > 0)
        return Parsed::need_more;
    part_ = Part::bytes_end;
    return Parsed::complete;
}

Parsed ChunkReader::read_bytes_end(std::string_view& text) {
    constexpr std::string_view line_end = "\r\n";
    if (!text.starts_with(line_end.substr(0, text.size())))
        return refuse_chunk("A chunk is longer than its size says, or not ended by CR LF.");
    if (text.size() < line_end.size())
        return Parsed::need_more;
    text.remove_prefix(line_end.size());
    part_ = Part::size;
    return Parsed::complete;
}

Parsed ChunkReader::read_trailer(std::string_view& text) {
    Lines lines(text, scanned_);
    NamedText trailer;
    const auto parsed = lines.read_field(trailer, refusal);
    if (!is_affordable(lines, 0))
        return refuse_length();
    if (parsed == Parsed::need_more)
        return wait_for_more(lines);
    if (parsed == Parsed::refused)
        return parsed;
    if (trailer.name.empty())
        part_ = Part::end;
    else if (trailers_++ == options_.header_count)
        return refuse(
            {ErrorKind::headers_too_large, "http.too_many_headers",
             "The body has more than " + std::to_string(options_.header_count) + " trailers."});
    take_line(text, lines, 0);
    return Parsed::complete;
}

Parsed ChunkReader::wait_for_more(const Lines& lines) {
    scanned_ = lines.bytes_scanned();
    return Parsed::need_more;
}

bool ChunkReader::is_affordable(const Lines& lines, std::size_t free_bytes) const {
    return lines.bytes_scanned() <= free_bytes + spare_bytes_;
}

void ChunkReader::take_line(std::string_view& text, const Lines& lines, std::size_t free_bytes) {
    const auto bytes = lines.bytes_scanned();
    spare_bytes_ -= bytes - std::min(bytes, free_bytes);
    text.remove_prefix(lines.bytes_done());
    scanned_ = 0;
}

Parsed ChunkReader::refuse(Error error) {
    refusal = std::move(error);
    return Parsed::refused;
}

Parsed ChunkReader::refuse_chunk(const char* message) {
    return refuse(Error::malformed("http.bad_chunk", message));
}

Parsed ChunkReader::refuse_length() {
    return refuse({ErrorKind::headers_too_large, "http.headers_too_large",
                   "The extensions of the chunks and the trailers are longer than " +
                       std::to_string(options_.header_bytes) + " bytes."});
}

}  // namespace bulkhead::http
