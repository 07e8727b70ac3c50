#pragma once
// Text without memory from the heap, locks or the standard library's formatting.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace bulkhead::module {

/// Lines of "key value" on their way into a file. Everything is async-signal-safe
/// (signal-safety(7)) and never fails: what the buffer or the disk does not take is left out.
class CrashText {
public:
    /// One line; control characters become question marks.
    void line(std::string_view key, std::string_view value);
    void line(std::string_view key, std::int64_t value);

    CrashText& word(std::string_view text);
    CrashText& decimal(std::int64_t value);
    CrashText& hex(std::uint64_t value);
    CrashText& hex(std::span<const unsigned char> bytes);  ///< "-" for none
    void end_line();

    /// Writes what has been gathered, and forgets it.
    void flush(int descriptor);

private:
    void put(char letter);
    void separate();

    std::array<char, 16'384> bytes_;
    std::size_t used_ = 0;
    bool at_start_ = true;  ///< of a line
};

}  // namespace bulkhead::module
