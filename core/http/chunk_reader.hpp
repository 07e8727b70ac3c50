#pragma once
// Takes a chunked body apart (RFC 9112, 7.1). Private to the parser.

#include "http/lines.hpp"
#include "http/options.hpp"

namespace bulkhead::http {

/// Reads the chunks of one body after the other. Extensions and trailers are read past: nothing
/// here needs them. Together they have header_bytes, and the trailers no more than header_count.
class ChunkReader {
public:
    /// What the chunks hold is appended to `body`.
    ChunkReader(const Options& options, std::string& body) : options_(options), body_(body) {}

    /// To be called before each body. One longer than `limit_bytes` is refused.
    void begin(std::size_t limit_bytes);

    /// Takes what it is done with off the front of `text`; what is left comes again with more
    /// behind it.
    Parsed read(std::string_view& text);

    /// The most that is left of a text that needs more.
    static std::size_t most_left_bytes(const Options& options);

    std::optional<Error> refusal;  ///< set when refused

private:
    enum class Part : std::uint8_t { size, bytes, bytes_end, trailers, end };

    Parsed read_part(std::string_view& text);
    Parsed read_size(std::string_view& text);
    Parsed judge_size(std::string_view line);
    Parsed read_bytes(std::string_view& text);
    Parsed read_bytes_end(std::string_view& text);
    Parsed read_trailer(std::string_view& text);
    Parsed wait_for_more(const Lines& lines);
    void take_line(std::string_view& text, const Lines& lines, std::size_t free_bytes);
    bool is_affordable(const Lines& lines, std::size_t free_bytes) const;
    Parsed refuse(Error error);
    Parsed refuse_chunk(const char* message);
    Parsed refuse_length();

    const Options& options_;
    std::string& body_;
    Part part_ = Part::size;
    std::size_t limit_bytes_ = 0;
    std::size_t chunk_bytes_ = 0;  ///< of the present chunk, still to come
    std::size_t spare_bytes_ = 0;  ///< for extensions and trailers
    std::int32_t trailers_ = 0;
    std::size_t scanned_ = 0;  ///< no line ends before this byte of the text
};

}  // namespace bulkhead::http
