// What a subscriber publishes itself, and what an event may hold.
#include "core/events/newsroom.hpp"

#include <limits>

using namespace bulkhead;
using namespace bulkhead::test;

namespace {

enum class Colour : std::uint8_t { red, green };
constexpr std::array<std::string_view, 2> names(Colour) {
    return {"red", "green"};
}

struct Line {
    std::string text;
    std::optional<std::int32_t> column;
    bool operator==(const Line&) const = default;
    static auto fields() {
        return shape(field("text", &Line::text), field("column", &Line::column));
    }
};

struct Everything {
    static constexpr std::string_view topic = "press.everything";
    std::int64_t large = 0;
    double ratio = 0;
    bool yes = false;
    std::string text;
    Uuid id;
    Timestamp at{};
    Colour colour = Colour::red;
    std::vector<Line> lines;
    std::optional<std::string> absent;
    bool operator==(const Everything&) const = default;
    static auto fields() {
        return shape(field("large", &Everything::large), field("ratio", &Everything::ratio),
                     field("yes", &Everything::yes), field("text", &Everything::text),
                     field("id", &Everything::id), field("at", &Everything::at),
                     field("colour", &Everything::colour), field("lines", &Everything::lines),
                     field("absent", &Everything::absent));
    }
};

void publish(Newsroom& newsroom, const Everything& event) {
    const auto done =
        db::Database(newsroom.process.pool).transaction([&](db::Session& sql) -> Result<> {
            newsroom.process.press.publish(sql, event);
            return Done{};
        });
    REQUIRE(done);
}

}  // namespace

TEST_CASE("whatever an event holds arrives as it was published") {
    Newsroom newsroom;
    const Everything sent{std::numeric_limits<std::int64_t>::min(),
                          0.1,
                          true,
                          "quote \" back \\ line \n \xc3\xa4",
                          Uuid::fresh(),
                          now(),
                          Colour::green,
                          {{"'; drop table sent; --", 7}, {"", std::nullopt}},
                          std::nullopt};
    std::optional<Everything> heard;
    std::atomic<bool> done = false;
    const auto subscription =
        newsroom.process.mail.on<Everything>("mail.keep", [&](const Everything& event) {
            heard = event;
            done = true;
        });
    newsroom.process.start();

    publish(newsroom, sent);
    await([&] { return done && newsroom.pending() == 0; });

    CHECK(*heard == sent);
}

TEST_CASE("what a subscriber publishes is delivered if its own delivery is done, and once") {
    Newsroom newsroom;
    std::atomic<int> attempts = 0;
    std::vector<std::int32_t> issues;
    auto& press = newsroom.process.press;
    const auto reprint = press.on<Printed>("press.reprint", [&](const Printed& event) -> Result<> {
        issues.push_back(event.issue);
        if (event.issue == 4)
            return Done{};
        return db::Database(newsroom.process.pool).transaction([&](db::Session& sql) -> Result<> {
            press.publish(sql, Printed{event.issue + 1, "Again"});
            if (event.issue == 2 && ++attempts < 3)
                return Error::conflict("press.jam", "The paper is jammed.");
            return Done{};
        });
    });
    newsroom.process.start();

    newsroom.process.publish(1);
    await([&] { return newsroom.pending() == 0; });

    CHECK(issues == std::vector<std::int32_t>{1, 2, 2, 2, 3, 4});
}
