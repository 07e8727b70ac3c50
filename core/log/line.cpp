#include "log/line.hpp"

#include "log/log.hpp"
#include "value/json_plain.hpp"

#include <bulkhead/json.hpp>

#include <charconv>
#include <cstring>

namespace bulkhead::log {

namespace {

constexpr std::size_t usual_bytes = 1'024;
constexpr std::size_t kept_bytes = 16'384;  // Of memory, from one line to the next.

}  // namespace

std::string line_start(LogLevel level, std::string_view module, std::string_view message) {
    std::string start = R"(,"level":)";
    json::write_text(start, names(level)[static_cast<std::size_t>(level)]);
    start += R"(,"module":)";
    json::write_text(start, module);
    start += R"(,"message":)";
    json::write_text(start, message);
    return start;
}

Line::Line()
    : capacity_(usual_bytes), bytes_(std::make_unique_for_overwrite<char[]>(usual_bytes)) {}

void Line::begin(Timestamp time, std::string_view start, std::string_view request_id) {
    if (capacity_ > kept_bytes)
        *this = Line();
    size_ = 0;
    put(R"({"time":")");
    put_time(time);
    put(start);
    if (request_id.empty())
        return;
    put(R"(,"request_id":)");
    text(request_id);
}

// Under load many lines share their millisecond with the one before: only what follows it is new.
void Line::put_time(Timestamp time) {
    const auto instant = std::chrono::floor<std::chrono::milliseconds>(time);
    if (instant != instant_ || instant_text_.empty()) {
        instant_ = instant;
        instant_text_ = to_text(instant).substr(0, sizeof "0000-00-00T00:00:00.000" - 1);
    }
    put(instant_text_);
    const auto rest = static_cast<std::uint32_t>((time - instant).count());
    const char digits[]{static_cast<char>('0' + rest / 100),
                        static_cast<char>('0' + rest / 10 % 10), static_cast<char>('0' + rest % 10),
                        'Z', '"'};
    put({digits, sizeof digits});
}

void Line::text(std::string_view value) {
    if (value::is_json_plain(value))
        return plain(value);
    std::string escaped;
    json::write_text(escaped, value);
    put(escaped);
}

void Line::number(std::int64_t value) {
    constexpr std::size_t longest = 20;
    char* const digits = room(longest);
    size_ += static_cast<std::size_t>(std::to_chars(digits, digits + longest, value).ptr - digits);
}

std::string_view Line::end() {
    put("}");
    return {bytes_.get(), size_};
}

void Line::grow(std::size_t bytes) {
    const auto larger = std::max(2 * capacity_, size_ + bytes);
    auto moved = std::make_unique_for_overwrite<char[]>(larger);
    std::memcpy(moved.get(), bytes_.get(), size_);
    bytes_ = std::move(moved);
    capacity_ = larger;
}

}  // namespace bulkhead::log
