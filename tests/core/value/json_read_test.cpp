#include <bulkhead/json.hpp>

#include <catch2/catch.hpp>

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
        return shape(field("sku", &Item::sku, length(1, 8)),
                     field("quantity", &Item::quantity, between(1, 999)));
    }
};

struct Order {
    std::vector<Item> items;
    std::optional<std::string> note;
    static auto fields() {
        return shape(field("items", &Order::items, bulkhead::items(1, 3)),
                     field("note", &Order::note, length(0, 5)));
    }
};

struct Everything {
    bool yes = false;
    std::int32_t small = 0;
    std::int64_t large = 0;
    double number = 0;
    std::string text;
    Uuid id;
    Timestamp time;
    Colour colour = Colour::red;
    std::optional<std::int32_t> age;
    std::optional<Item> item;
    std::vector<std::int64_t> list;
    static auto fields() {
        return shape(field("yes", &Everything::yes), field("small", &Everything::small),
                     field("large", &Everything::large), field("number", &Everything::number),
                     field("text", &Everything::text), field("id", &Everything::id),
                     field("time", &Everything::time), field("colour", &Everything::colour),
                     field("age", &Everything::age), field("item", &Everything::item),
                     field("list", &Everything::list));
    }
};

struct Mail {
    std::optional<std::string> to;
    static auto fields() { return shape(field("to", &Mail::to, email)); }
};

/// One member named `v`; optional, so that a text without it is still read.
template <class T>
struct One {
    std::optional<T> v;
    static auto fields() { return shape(field("v", &One::v)); }
};

Violation only_violation(const Error& error) {
    REQUIRE(error.violations.size() == 1);
    return error.violations[0];
}

template <class T>
double number_read(std::string_view literal) {
    auto read = json::read<One<T>>(R"({"v":)" + std::string(literal) + "}");
    REQUIRE(read);
    return static_cast<double>(*read->v);
}

}  // namespace

TEST_CASE("every kind of value is read") {
    const auto read = json::read<Everything>(R"( {
        "yes": true, "small": -2147483648, "large": 9223372036854775807, "number": 1.5e-3,
        "text": "a\n\u00e9\ud83d\ude00", "id": "019AA0C5-7a4e-7b3c-9d2f-0123456789ab",
        "time": "2026-11-20T10:21:10Z", "colour": "blue", "age": 7,
        "item": {"quantity": 2, "sku": "A"}, "list": [1, -2] } )");

    REQUIRE(read);
    CHECK(read->yes);
    CHECK(read->small == std::numeric_limits<std::int32_t>::min());
    CHECK(read->large == std::numeric_limits<std::int64_t>::max());
    CHECK(read->number == 0.0015);
    CHECK(read->text == "a\n\u00e9\U0001F600");
    CHECK(read->id.to_text() == "019aa0c5-7a4e-7b3c-9d2f-0123456789ab");
    CHECK(to_text(read->time) == "2026-11-20T10:21:10.000000Z");
    CHECK(read->colour == Colour::blue);
    CHECK(read->age == 7);
    CHECK(read->item->quantity == 2);
    CHECK(read->list == std::vector<std::int64_t>{1, -2});
}

TEST_CASE("an optional member may be null or absent") {
    const auto text =
        GENERATE(as<std::string>{}, R"({"items": [{"sku": "A", "quantity": 1}], "note": null})",
                 R"({"items": [{"sku": "A", "quantity": 1}]})");

    const auto read = json::read<Order>(text);

    REQUIRE(read);
    CHECK_FALSE(read->note);
}

TEST_CASE("what is not JSON is malformed and names the byte") {
    const auto [text, byte] = GENERATE(table<std::string, std::size_t>({
        {"", 0},
        {"   ", 3},
        {"{", 1},
        {R"({"v")", 4},
        {R"({"v": 1} x)", 9},
        {R"({"v": 1}})", 8},
        {R"({"v": 1,})", 8},
        {R"({'v': 1})", 1},
        {R"({"v": 01})", 7},
        {R"({"v": +1})", 6},
        {R"({"v": .5})", 6},
        {R"({"v": 1.})", 8},
        {R"({"v": NaN})", 6},
        {R"({"v": tru})", 6},
        {R"({"v": "a)", 8},
        {"{\"v\": \"a\nb\"}", 8},
        {R"({"v": "\x"})", 8},
        {R"({"v": 1 /* one */})", 8},
        {"\xEF\xBB\xBF{\"v\": 1}", 0},
        {"{\"v\": \"\xFF\"}", 7},
        {"{\"v\": \"\xC0\xAF\"}", 7},
        {"{\"v\": \"\xED\xA0\x80\"}", 7},
        {R"({"v": "\ud800"})", 13},
        {R"({"v": "\ud800\u0041"})", 15},
        {R"({"v": "\udc00"})", 13},
        {R"({"v": 1, "v": 2})", 11},
        {R"({"v": 1, "\u0076": 2})", 16},
    }));
    CAPTURE(text);

    const auto read = json::read<One<std::string>>(text);

    REQUIRE_FALSE(read);
    CHECK(read.error().kind == ErrorKind::malformed);
    CHECK(read.error().code == "http.malformed_json");
    CHECK_THAT(read.error().message, Catch::EndsWith("at byte " + std::to_string(byte) + "."));
}

TEST_CASE("32 levels may be nested, 33 are malformed") {
    const auto nested = [](std::size_t levels) {
        return R"({"v":)" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}";
    };

    const auto deep = json::read<One<std::string>>(nested(32));
    const auto deeper = json::read<One<std::string>>(nested(33));

    CHECK(deep.error().kind == ErrorKind::invalid);
    CHECK(deeper.error().kind == ErrorKind::malformed);
}

TEST_CASE("a value against the shape is refused with its path, a code and a sentence") {
    struct Row {
        std::string text, field, code, message;
    };
    const auto row = GENERATE(values<Row>({
        {R"([])", "", "type", "must be an object"},
        {R"(7)", "", "type", "must be an object"},
        {R"(null)", "", "null", "must not be null"},
        {R"({})", "items", "required", "is required"},
        {R"({"items": null})", "items", "null", "must not be null"},
        {R"({"items": {}})", "items", "type", "must be a list"},
        {R"({"items": []})", "items", "items", "must have 1 to 3 items"},
        {R"({"items": [1]})", "items[0]", "type", "must be an object"},
        {R"({"items": [{"sku": "A", "quantity": 1}, {"sku": "A"}]})", "items[1].quantity",
         "required", "is required"},
        {R"({"items": [{"sku": "A", "quantity": 0}]})", "items[0].quantity", "range",
         "must be between 1 and 999"},
        {R"({"items": [{"sku": "A", "quantity": -1}]})", "items[0].quantity", "range",
         "must be between 1 and 999"},
        {R"({"items": [{"sku": "A", "quantity": 9223372036854775808}]})", "items[0].quantity",
         "range", "must be between 1 and 999"},
        {R"({"items": [{"sku": "A", "quantity": 99999999999999999999}]})", "items[0].quantity",
         "range", "must be between 1 and 999"},
        {R"({"items": [{"sku": "A", "quantity": 1.0}]})", "items[0].quantity", "type",
         "must be an integer"},
        {R"({"items": [{"sku": "A", "quantity": 1e2}]})", "items[0].quantity", "type",
         "must be an integer"},
        {R"({"items": [{"sku": "A", "quantity": "1"}]})", "items[0].quantity", "type",
         "must be an integer"},
        {R"({"items": [{"sku": "A", "quantity": true}]})", "items[0].quantity", "type",
         "must be an integer"},
        {R"({"items": [{"sku": "A", "quantity": [1]}]})", "items[0].quantity", "type",
         "must be an integer"},
        {R"({"items": [{"sku": 1, "quantity": 1}]})", "items[0].sku", "type", "must be text"},
        {R"({"items": [{"sku": "", "quantity": 1}]})", "items[0].sku", "length",
         "must be 1 to 8 characters long"},
        {R"({"items": [{"sku": "A\u0000", "quantity": 1}]})", "items[0].sku", "format",
         "must not contain the character NUL"},
        {R"({"items": [{"sku": "A", "quantity": 1, "price": {"a": [1]}}]})", "items[0].price",
         "unknown", "is unknown; expected one of: sku, quantity"},
        {R"({"items": [{"sku": "A", "quantity": 1}], "nite": 1})", "nite", "unknown",
         "is unknown; did you mean 'note'?"},
    }));
    CAPTURE(row.text);

    const auto read = json::read<Order>(row.text);

    REQUIRE_FALSE(read);
    CHECK(read.error().kind == ErrorKind::invalid);
    CHECK(read.error().code == "http.invalid");
    const auto violation = only_violation(read.error());
    CHECK(violation.field == row.field);
    CHECK(violation.code == row.code);
    CHECK(violation.message == row.message);
}

TEST_CASE("atoms say what form they have") {
    const auto [member, code] = GENERATE(table<std::string, std::string>({
        {R"("id": "7")", "format"},
        {R"("time": "yesterday")", "format"},
        {R"("colour": "green")", "choice"},
        {R"("colour": 1)", "type"},
        {R"("age": 2147483648)", "range"},
        {R"("number": 1e400)", "range"},
    }));
    CAPTURE(member);

    const auto read = json::read<Everything>("{" + member + "}");

    const auto& violations = read.error().violations;
    const auto field = member.substr(1, member.find('"', 1) - 1);
    CHECK(std::ranges::count_if(violations, [&](const Violation& violation) {
              return violation.field == field && violation.code == code;
          }) == 1);
}

TEST_CASE("lengths count code points") {
    const auto [note, fits] = GENERATE(table<std::string, bool>(
        {{"abcde", true},
         {"abcdef", false},
         {"\u00e4\u00e4\u00e4\u00e4\u00e4", true},
         {R"(\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00)", true}}));
    CAPTURE(note);

    const auto read =
        json::read<Order>(R"({"items":[{"sku":"A","quantity":1}],"note":")" + note + R"("})");

    CHECK(static_cast<bool>(read) == fits);
}

TEST_CASE("an e-mail address has one @ and something on both sides") {
    const auto [address, fits] =
        GENERATE(table<std::string, bool>({{"ada@example.com", true},
                                           {"ada", false},
                                           {"@example.com", false},
                                           {"ada@", false},
                                           {"a@b@c", false},
                                           {"ada @example.com", false},
                                           {R"(ada\n@example.com)", false}}));
    CAPTURE(address);

    const auto read = json::read<Mail>(R"({"to":")" + address + R"("})");

    CHECK(static_cast<bool>(read) == fits);
}

TEST_CASE("all violations are told at once, in the order of the text") {
    const auto read = json::read<Order>(
        R"({"items": [{"sku": "", "quantity": 0}, {"quantity": "x"}, 5], "note": 1, "x": 0})");

    std::vector<std::string> found;
    for (const auto& violation : read.error().violations)
        found.push_back(violation.field + " " + violation.code);
    CHECK(found == std::vector<std::string>{"items[0].sku length", "items[0].quantity range",
                                            "items[1].quantity type", "items[1].sku required",
                                            "items[2] type", "note type", "x unknown"});
}

TEST_CASE("at most 100 violations are listed, with short names") {
    std::string text = "{";
    for (int member = 0; member < 1000; ++member)
        text += '"' + std::string(1000, 'n') + std::to_string(member) + R"(": 1,)";
    text.back() = '}';

    const auto read = json::read<Order>(text);

    CHECK(read.error().violations.size() == 100);
    CHECK(read.error().violations[0].field.size() == 64);
    CHECK_THAT(read.error().message, Catch::Contains("Only the first 100"));
}

TEST_CASE("a list beyond its limit takes no memory, and the text is read to its end") {
    std::string elements;
    for (int element = 0; element < 100'000; ++element)
        elements += R"({"sku":"A","quantity":1},)";
    elements.pop_back();
    Order order;

    const auto done = json::read_into(R"({"items":[)" + elements + "]}", type_of<Order>(), &order);
    const auto broken = json::read_into(R"({"items":[)" + elements + "]", type_of<Order>(), &order);

    CHECK(order.items.size() == 3);
    CHECK(only_violation(done.error()).code == "items");
    CHECK(broken.error().kind == ErrorKind::malformed);
}

TEST_CASE("a duplicate within an ignored value does no harm") {
    const auto read =
        json::read<Order>(R"({"items": [{"sku": "A", "quantity": 1}], "x": {"a": 1, "a": 2}})");

    CHECK(only_violation(read.error()).field == "x");
}

TEST_CASE("a mebibyte of nonsense is refused") {
    constexpr std::size_t mebibyte = 1'048'576;
    const auto [text, kind] = GENERATE(table<std::string, ErrorKind>({
        {std::string(mebibyte, '['), ErrorKind::malformed},
        {R"({"v":)" + std::string(mebibyte, '9') + "}", ErrorKind::invalid},
        {R"({"v":0.)" + std::string(mebibyte, '9') + "}", ErrorKind::invalid},
        {std::string(mebibyte, ' '), ErrorKind::malformed},
        {R"({")" + std::string(mebibyte, 'k') + R"(":1})", ErrorKind::invalid},
        {R"({"v":")" + std::string(mebibyte, 'v') + R"("})", ErrorKind::invalid},
    }));

    const auto read = json::read<One<std::int64_t>>(text);

    REQUIRE_FALSE(read);
    CHECK(read.error().kind == kind);
}

TEST_CASE("numbers are read to the last bit") {
    const auto literal = GENERATE(as<std::string>{}, "0.1", "1.7976931348623157e308", "5e-324",
                                  "123456789.12345679", "0.30000000000000004", "9007199254740993",
                                  "18446744073709551615", "-0.0", "2.2250738585072011e-308", "1E5");
    CAPTURE(literal);

    CHECK(number_read<double>(literal) == std::strtod(literal.c_str(), nullptr));
}

TEST_CASE("an integer may stand for a number") {
    CHECK(number_read<double>("-3") == -3.0);
}

TEST_CASE("what another version wrote is read without what is unknown of it") {
    Order order;

    const auto done = json::read_known_into(
        R"({"items": [{"sku": "A", "quantity": 1, "colour": [{"sku": 5}]}], "later": {"items": 1}})",
        type_of<Order>(), &order);
    const auto incomplete = json::read_known_into(R"({"later": 1})", type_of<Order>(), &order);

    REQUIRE(done);
    CHECK(order.items.front().sku == "A");
    REQUIRE_FALSE(incomplete);
    CHECK(incomplete.error().violations.front().code == "required");
}
