#include "module/crash_text.hpp"

#include "value/hex.hpp"
#include "value/write_all.hpp"

namespace bulkhead::module {

void CrashText::line(std::string_view key, std::string_view value) {
    word(key).word(value).end_line();
}

void CrashText::line(std::string_view key, std::int64_t value) {
    word(key).decimal(value).end_line();
}

CrashText& CrashText::word(std::string_view text) {
    separate();
    for (const char letter : text)
        put(static_cast<unsigned char>(letter) < ' ' || letter == '\x7f' ? '?' : letter);
    return *this;
}

CrashText& CrashText::decimal(std::int64_t value) {
    std::array<char, 20> digits{};
    auto first = digits.size();
    auto rest =
        value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    do
        digits[--first] = static_cast<char>('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (value < 0)
        digits[--first] = '-';
    return word({digits.data() + first, digits.size() - first});
}

CrashText& CrashText::hex(std::uint64_t value) {
    std::array<char, 16> digits{};
    auto first = digits.size();
    do
        digits[--first] = value::hex_digits[value % 16];
    while ((value /= 16) > 0);
    return word({digits.data() + first, digits.size() - first});
}

CrashText& CrashText::hex(std::span<const unsigned char> bytes) {
    if (bytes.empty())
        return word("-");
    separate();
    for (const auto byte : bytes)
        put(value::hex_digits[byte / 16U]), put(value::hex_digits[byte % 16U]);
    return *this;
}

void CrashText::end_line() {
    put('\n');
    at_start_ = true;
}

void CrashText::flush(int descriptor) {
    value::write_all(descriptor, {bytes_.data(), used_});  // Disk full: what is there has to do.
    used_ = 0;
}

void CrashText::put(char letter) {
    if (used_ < bytes_.size())
        bytes_[used_++] = letter;
}

void CrashText::separate() {
    if (!at_start_)
        put(' ');
    at_start_ = false;
}

}  // namespace bulkhead::module
