#include "value/limits.hpp"

#include <catch2/catch.hpp>

#include <cmath>

namespace {

using namespace bulkhead;

enum class Colour : std::uint8_t { red, blue };
constexpr std::array<std::string_view, 2> names(Colour) {
    return {"red", "blue"};
}

struct Reading {
    std::string code, message;
};

template <class T>
Reading refusal_of(std::string_view text, const Limits& limits = {}) {
    T value{};
    Violation out;
    if (value::read_text_into(type_of<T>(), limits, text, &value, out))
        return {};
    return {out.code, out.message};
}

template <class T>
std::optional<T> read(std::string_view text) {
    T value{};
    Violation out;
    if (!value::read_text_into(type_of<T>(), Limits{}, text, &value, out))
        return {};
    return value;
}

Limits from_to(double minimum, double maximum) {
    Limits limits;
    limits.minimum = minimum;
    limits.maximum = maximum;
    return limits;
}

}  // namespace

TEST_CASE("texts become values of scalar types") {
    CHECK(read<bool>("true") == true);
    CHECK(read<bool>("false") == false);
    CHECK(read<std::int32_t>("-2147483648") == std::numeric_limits<std::int32_t>::min());
    CHECK(read<std::int64_t>("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
    CHECK(read<double>("1e3") == 1000.0);
    CHECK(read<std::string>("") == "");
    CHECK(read<Colour>("blue") == Colour::blue);
    CHECK(read<std::optional<std::int32_t>>("7") == std::optional<std::int32_t>(7));
    CHECK(read<Uuid>("019aa0c5-7a4e-7b3c-9d2f-0123456789ab").has_value());
}

TEST_CASE("a text that is no such value says what would be") {
    CHECK(refusal_of<bool>("1").message == "must be true or false");
    CHECK(refusal_of<double>("inf").code == "range");
    CHECK(refusal_of<double>("nan").code == "range");
    CHECK(refusal_of<double>("1e999").code == "range");
    CHECK(refusal_of<Colour>("green").message == "must be one of red, blue");
    CHECK(refusal_of<Uuid>("7").code == "format");
    CHECK(refusal_of<Timestamp>("7").code == "format");
    CHECK(refusal_of<std::string>("\xFF").message == "must be UTF-8 text");
    CHECK(refusal_of<std::string>(std::string(1, '\0')).code == "format");
    CHECK(refusal_of<std::vector<std::int32_t>>("1").code == "type");
}

TEST_CASE("integers are digits with at most a minus before them") {
    const auto text =
        GENERATE(as<std::string>{}, "", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "-", "one", "1,000");
    CAPTURE(text);

    CHECK(refusal_of<std::int32_t>(text).code == "type");
    CHECK(refusal_of<std::optional<std::int64_t>>(text).code == "type");
}

TEST_CASE("a range is told by whichever ends it has") {
    const double none = HUGE_VAL;
    CHECK(refusal_of<std::int32_t>("0", from_to(1, 9)).message == "must be between 1 and 9");
    CHECK(refusal_of<double>("0", from_to(0.5, none)).message == "must be at least 0.5");
    CHECK(refusal_of<double>("9", from_to(-none, 1e9)).code.empty());
    CHECK(refusal_of<double>("9e9", from_to(-none, 1e9)).message == "must be at most 1000000000");
    CHECK(refusal_of<std::int32_t>("2147483648").message ==
          "must be between -2147483648 and 2147483647");
    CHECK(refusal_of<std::int64_t>("9223372036854775808").message ==
          "must be between -9223372036854775808 and 9223372036854775807");
}

TEST_CASE("lengths and counts are told by whichever ends they have") {
    Limits limits;
    const auto message = [&](std::size_t minimum, std::size_t maximum) {
        limits.min_length = limits.min_items = minimum;
        limits.max_length = limits.max_items = maximum;
        return value::check_text(limits, "abcd")->message + ", " +
               value::check_items(limits, 4)->message;
    };

    CHECK(message(0, 3) == "must be at most 3 characters long, must have at most 3 items");
    CHECK(message(1, 1) == "must be exactly 1 character long, must have exactly 1 item");
    CHECK(message(5, 9) == "must be 5 to 9 characters long, must have 5 to 9 items");
}

TEST_CASE("an integer is stored as a number, a number never as an integer") {
    double number = 0;
    std::int64_t integer = 0;

    CHECK_FALSE(value::store_integer(type_of<double>(), {}, 3, &number));
    CHECK(value::store_number(type_of<std::int64_t>(), {}, 3.0, &integer)->code == "type");

    CHECK(number == 3.0);
    CHECK(integer == 0);
}

TEST_CASE("code points are counted in UTF-8 and nothing else") {
    const auto [text, count] = GENERATE(
        table<std::string, std::optional<std::size_t>>({{"", 0},
                                                        {"12345678901", 11},
                                                        {"1234567\u00e9\u20ac\U0001F600", 10},
                                                        {"\xF4\x8F\xBF\xBF", 1},
                                                        {"\xF4\x90\x80\x80", std::nullopt},
                                                        {"\xC1\xBF", std::nullopt},
                                                        {"\xE0\x9F\xBF", std::nullopt},
                                                        {"\xED\xA0\x80", std::nullopt},
                                                        {"\xF0\x8F\xBF\xBF", std::nullopt},
                                                        {"1234567\xC3", std::nullopt},
                                                        {"\xE2\x82", std::nullopt},
                                                        {"\x80", std::nullopt}}));
    CAPTURE(text);

    CHECK(value::code_points(text) == count);
}

TEST_CASE("the front of a text never ends within a code point") {
    CHECK(value::front_of("abc", 5) == "abc");
    CHECK(value::front_of("abcdef", 3) == "abc");
    CHECK(value::front_of("ab\u20ac", 4) == "ab");
    CHECK(value::front_of("\x80\x80\x80\x80\x80", 4).size() <= 4);
}
