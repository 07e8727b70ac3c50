#include <bulkhead/json.hpp>

#include <catch2/catch.hpp>

#include <cmath>

namespace {

using namespace bulkhead;

enum class Colour : std::uint8_t { red, blue };
constexpr std::array<std::string_view, 2> names(Colour) {
    return {"red", "blue"};
}

struct Item {
    std::string sku;
    std::int32_t quantity = 0;
    static auto fields() {
        return shape(field("sku", &Item::sku), field("quantity", &Item::quantity));
    }
};

struct Everything {
    bool yes = true;
    std::int64_t large = std::numeric_limits<std::int64_t>::min();
    double number = 1234.56;
    std::string secret = "hidden";
    Uuid id = *Uuid::from("019aa0c5-7a4e-7b3c-9d2f-0123456789ab");
    Timestamp time = *timestamp_from("2026-11-20T10:21:10.5Z");
    Colour colour = Colour::blue;
    std::optional<std::int32_t> age;
    std::optional<Item> item = Item{"A", 1};
    std::vector<Item> list{{"B", 2}, {"C", 3}};
    std::vector<std::int32_t> none;
    static auto fields() {
        return shape(field("yes", &Everything::yes), field("large", &Everything::large),
                     field("number", &Everything::number),
                     field("secret", &Everything::secret, write_only), field("id", &Everything::id),
                     field("time", &Everything::time), field("colour", &Everything::colour),
                     field("age", &Everything::age), field("item", &Everything::item),
                     field("list", &Everything::list), field("none", &Everything::none));
    }
};

struct Secrets {
    std::string password = "hidden";
    static auto fields() { return shape(field("password", &Secrets::password, write_only)); }
};

std::string quoted(std::string_view text) {
    std::string out;
    json::write_text(out, text);
    return out;
}

}  // namespace

TEST_CASE("every kind of value is written, in the order of the fields") {
    CHECK(json::text_of(Everything{}) ==
          R"({"yes":true,"large":-9223372036854775808,"number":1234.56,)"
          R"("id":"019aa0c5-7a4e-7b3c-9d2f-0123456789ab","time":"2026-11-20T10:21:10.500000Z",)"
          R"("colour":"blue","age":null,"item":{"sku":"A","quantity":1},)"
          R"("list":[{"sku":"B","quantity":2},{"sku":"C","quantity":3}],"none":[]})");
}

TEST_CASE("a struct of secrets is an empty object") {
    CHECK(json::text_of(Secrets{}) == "{}");
}

TEST_CASE("doubles are written as short as they can be read back") {
    const auto [number, text] = GENERATE(table<double, std::string>({{0.1, "0.1"},
                                                                     {-0.0, "-0"},
                                                                     {1e300, "1e+300"},
                                                                     {5e-324, "5e-324"},
                                                                     {100.0, "100"},
                                                                     {std::nan(""), "null"},
                                                                     {HUGE_VAL, "null"},
                                                                     {-HUGE_VAL, "null"}}));

    CHECK(json::text_of(number) == text);
}

TEST_CASE("text is escaped where JSON demands it, at any place") {
    const auto [special, escaped] =
        GENERATE(table<std::string, std::string>({{"\"", R"(\")"},
                                                  {"\\", R"(\\)"},
                                                  {"\n", R"(\n)"},
                                                  {"\r", R"(\r)"},
                                                  {"\t", R"(\t)"},
                                                  {"\b", R"(\b)"},
                                                  {"\f", R"(\f)"},
                                                  {std::string(1, '\0'), R"(\u0000)"},
                                                  {"\x1f", R"(\u001f)"},
                                                  {"\x7f", "\x7f"},
                                                  {"/", "/"},
                                                  {"\u00e9", "\u00e9"},
                                                  {"\U0001F600", "\U0001F600"}}));
    const auto before = GENERATE(range(0, 17));
    const std::string plain(static_cast<std::size_t>(before), 'x');
    CAPTURE(escaped, before);

    CHECK(quoted(plain + special + "after it") == '"' + plain + escaped + "after it\"");
}

TEST_CASE("what is no UTF-8 is written as U+FFFD") {
    const auto [text, written] =
        GENERATE(table<std::string, std::string>({{"a\xFF!", "a\uFFFD!"},
                                                  {"\xE2\x82", "\uFFFD\uFFFD"},
                                                  {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},
                                                  {"\xC0\xAF", "\uFFFD\uFFFD"}}));

    CHECK(quoted(text) == '"' + written + '"');
}

TEST_CASE("writing appends to what is there already") {
    const Item item{"A", 1};
    std::string out = "before ";

    json::write(out, type_of<Item>(), &item);
    json::write_text(out, "x");

    CHECK(out == R"(before {"sku":"A","quantity":1}"x")");
}

TEST_CASE("long texts and lists are written whole") {
    std::vector<std::string> list(1'000, std::string(999, 'x'));

    CHECK(json::text_of(list).size() == 1'000 * 1'002 + 1);
}

TEST_CASE("what is written is read back the same") {
    const auto text = json::text_of(std::vector<Item>{{"\u00e9\"\n", -5}});

    const auto read = json::read<std::vector<Item>>(text);

    REQUIRE(read);
    CHECK((*read)[0].sku == "\u00e9\"\n");
    CHECK((*read)[0].quantity == -5);
}
