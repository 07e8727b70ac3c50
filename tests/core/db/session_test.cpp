#include <bulkhead/session.hpp>

#include "log/log.hpp"
#include "support/captured_output.hpp"
#include "support/test_database.hpp"

#include <bulkhead/json.hpp>
#include <catch2/catch.hpp>

#include <limits>

using namespace bulkhead;
using db::FailureKind;
using test::failure_of;
using test::TestDatabase;

namespace {

enum class Colour : std::uint8_t { red, green };
constexpr std::array<std::string_view, 2> names(Colour) {
    return {"red", "green"};
}

struct Part {
    std::string label;
    std::int32_t weight = 0;
    static auto fields() {
        return shape(field("label", &Part::label), field("weight", &Part::weight));
    }
};

struct Everything {
    Uuid id;
    bool flag = false;
    std::int32_t small = 0;
    std::int64_t large = 0;
    double ratio = 0;
    std::string label;
    Timestamp made_at{};
    Colour colour = Colour::red;
    std::optional<std::string> note{};
    std::optional<std::int64_t> rank{};
    std::vector<Part> parts{};
    Part main_part{};

    static auto fields() {
        return shape(field("id", &Everything::id), field("flag", &Everything::flag),
                     field("small", &Everything::small), field("large", &Everything::large),
                     field("ratio", &Everything::ratio), field("label", &Everything::label),
                     field("made_at", &Everything::made_at), field("colour", &Everything::colour),
                     field("note", &Everything::note), field("rank", &Everything::rank),
                     field("parts", &Everything::parts),
                     field("main_part", &Everything::main_part));
    }
};

constexpr auto everything_schema = R"(
    create table everythings (id uuid primary key, flag boolean not null, small integer not null,
        large bigint not null, ratio double precision not null, label text not null,
        made_at timestamp not null, colour text not null, note text, rank bigint,
        parts text not null, main_part text not null))";
constexpr auto insert_everything =
    "insert into everythings values (:id, :flag, :small, :large, :ratio, :label, :made_at, "
    ":colour, :note, :rank, :parts, :main_part)";

struct Note {
    std::int64_t id = 0;
    std::string text;
    static auto fields() { return shape(field("id", &Note::id), field("text", &Note::text)); }
};

struct Flag {
    bool up = false;
    static auto fields() { return shape(field("up", &Flag::up)); }
};

constexpr auto notes_schema =
    "create table notes (id integer primary key, text text not null unique, "
    "check (id < 1000000))";

std::string by_engine(const char* sqlite, const char* postgresql) {
    return test::on_postgresql() ? postgresql : sqlite;
}

}  // namespace

TEST_CASE("a value of every type comes back as it was stored") {
    TestDatabase fixture(everything_schema);
    const Everything stored{Uuid::fresh(),
                            true,
                            std::numeric_limits<std::int32_t>::min(),
                            std::numeric_limits<std::int64_t>::max(),
                            0.1,
                            "text",
                            *timestamp_from("2026-11-20T10:21:10.123456Z"),
                            Colour::green,
                            "a note",
                            -1,
                            {{"bolt", 3}, {"nut", 1}},
                            {"frame", 900}};

    fixture.commit([&](db::Session& sql) { sql.run(insert_everything, stored); });

    const auto read = fixture.read(
        [](db::Session& sql) { return sql.one<Everything>("select * from everythings"); });
    CHECK(json::text_of(read) == json::text_of(stored));
    CHECK(read.large == 9223372036854775807);
}

TEST_CASE("values lie in the database in their portable forms", "[sqlite]") {
    TestDatabase fixture(everything_schema);
    Everything stored{};
    stored.id = *Uuid::from("0193A2B0-0000-7000-8000-0000000000ff");
    stored.made_at = *timestamp_from("2026-11-20T12:21:10+02:00");
    fixture.commit([&](db::Session& sql) { sql.run(insert_everything, stored); });

    const auto [column, text] =
        GENERATE(table<std::string, std::string>({{"id", "0193a2b0-0000-7000-8000-0000000000ff"},
                                                  {"flag", "0"},
                                                  {"made_at", "2026-11-20T10:21:10.000000Z"},
                                                  {"colour", "red"},
                                                  {"parts", "[]"},
                                                  {"main_part", R"({"label":"","weight":0})"},
                                                  {"coalesce(note, 'nothing')", "nothing"}}));

    CHECK(fixture.read([&, column = column](db::Session& sql) {
        return sql.one<std::string>("select " + column + " as value from everythings");
    }) == text);
}

TEST_CASE("empty optionals are NULL, and NULL empties an optional") {
    TestDatabase fixture("create table notes (id integer, text text)");
    fixture.write("insert into notes values (:id, :text)",
                  {{"id", std::optional<std::int64_t>{}}, {"text", std::optional<std::string>{}}});

    const auto nulls = fixture.read([](db::Session& sql) {
        return sql.one<std::int64_t>(
            "select count(*) from notes where id is null and text is null");
    });
    const auto text = fixture.read([](db::Session& sql) {
        return sql.one<std::optional<std::string>>("select text from notes");
    });

    CHECK(nulls == 1);
    CHECK_FALSE(text.has_value());
}

TEST_CASE("text is stored as it is, whatever it says") {
    TestDatabase fixture(notes_schema);
    const std::string text =
        GENERATE(as<std::string>(), "", "'; drop table notes; --", ":id", "a\"b`c\\",
                 "\xE2\x82\xAC 漢字 🚢", std::string(100000, 'x'), "%s %n", "NULL");

    fixture.write("insert into notes values (1, :text)", {{"text", text}});

    CHECK(fixture.read([](db::Session& sql) {
        return sql.one<std::string>("select text from notes where id = 1");
    }) == text);
    CHECK(fixture.count("notes") == 1);
}

TEST_CASE("a zero byte is stored, or refused where the engine knows none") {
    TestDatabase fixture(notes_schema);
    const std::string text("one\0two", 7);
    const auto write = [&] {
        fixture.write("insert into notes values (1, :text)", {{"text", text}});
    };

    if (test::on_postgresql()) {
        CHECK(failure_of(write).failure == FailureKind::value);
        return;
    }
    write();
    CHECK(fixture.count("notes where length(cast(text as blob)) = 7") == 1);
}

TEST_CASE("parameters are found where they are, and nowhere else") {
    TestDatabase fixture(notes_schema);

    const auto found = fixture.read([](db::Session& sql) {
        return sql.one<std::string>(
            "select ':a' || \":b\" || :c || /* :d */ :c -- :e\n from (select 'b' as \":b\") as x",
            {{"c", "c"}});
    });

    CHECK(found == ":abcc");
}

TEST_CASE("run says how many rows it changed") {
    TestDatabase fixture(notes_schema);
    fixture.write("insert into notes values (1, 'a'), (2, 'b'), (3, 'c')");

    const auto [sql, changed] = GENERATE(table<std::string, std::int64_t>(
        {{"update notes set text = text || '!' where id > 1", 2},
         {"update notes set text = 'x' where id = 99", 0},
         {"delete from notes", 3},
         {"create table others (id integer)", 0},
         {"insert into notes values (4, 'd'), (5, 'e') returning id", 2}}));

    CHECK(fixture.write(sql) == changed);
}

TEST_CASE("a shaped argument gives what the SQL names") {
    TestDatabase fixture(notes_schema);
    const Note note{7, "seven"};

    fixture.commit(
        [&](db::Session& sql) { sql.run("insert into notes values (:id, 'other')", note); });

    CHECK(fixture.read([&](db::Session& sql) {
        return sql.all<std::string>("select text from notes where id = :id", note);
    }) == std::vector<std::string>{"other"});
}

TEST_CASE("no row is none, several are a failure where one was asked for") {
    TestDatabase fixture(notes_schema);
    fixture.write("insert into notes values (1, 'a'), (2, 'b')");
    const db::HandlerScope scope;
    auto& sql = fixture.database().session();

    CHECK_FALSE(sql.maybe<Note>("select id, text from notes where id = 9").has_value());
    CHECK(failure_of([&] { sql.maybe<Note>("select id, text from notes"); }).failure ==
          FailureKind::usage);
    CHECK(failure_of([&] { sql.one<Note>("select id, text from notes where id = 9"); }).failure ==
          FailureKind::usage);
}

TEST_CASE("a mistake in a statement is a usage failure that names it") {
    TestDatabase fixture(notes_schema);
    fixture.write("insert into notes values (1, 'a')");
    const db::HandlerScope scope;
    auto& sql = fixture.database().session();
    using Work = std::function<void()>;
    const auto [work, words] = GENERATE_REF(table<Work, std::vector<std::string>>(
        {{[&] { sql.all<Note>("select id from notes"); }, {"\"text\""}},
         {[&] { sql.all<Note>("select id, text, 1 as size from notes"); }, {"\"size\""}},
         {[&] { sql.all<Note>("select id, text as txt from notes"); }, {"\"txt\"", "\"text\""}},
         {[&] { sql.all<Note>("select id, text, id from notes"); }, {"\"id\""}},
         {[&] { sql.all<std::string>("select id, text from notes"); }, {"one column"}},
         {[&] { sql.all<Note>("select id, null as text from notes"); }, {"\"text\"", "NULL"}},
         {[&] { sql.all<Note>("select 'x' as id, text from notes"); }, {"\"id\"", "cannot take"}},
         {[&] { sql.all<std::int64_t>("select 1.5"); }, {"cannot take"}},
         {[&] { sql.all<std::int32_t>("select 2147483648"); }, {"cannot take"}},
         {[&] { sql.all<Flag>("select 2 as up"); }, {"cannot take"}},
         {[&] { sql.all<Uuid>("select text from notes"); }, {"cannot take"}},
         {[&] { sql.run("select :id, :nope", {{"id", "x"}}); }, {":nope"}},
         {[&] { sql.run("select 1", {{"extra", "x"}}); }, {"\"extra\""}},
         {[&] { sql.run("select ?"); }, {by_engine(":name", "syntax")}},
         {[&] { sql.run("select @id"); }, {by_engine(":name", "\"id\"")}},
         {[&] { sql.run("select 1; select 2"); }, {by_engine("one statement", "multiple")}},
         {[&] { sql.run(" -- nothing"); }, {"no statement"}},
         {[&] { sql.run("selec 1"); }, {"syntax"}},
         {[&] { sql.run("select \"misspelt\" from notes"); }, {"misspelt"}},
         {[&] { sql.run("commit"); }, {"database.transaction"}},
         {[&] { sql.run("savepoint half"); }, {"database.transaction"}},
         {[&] { sql.run("attach database 'x' as y"); }, {"database.transaction"}}}));

    const auto failure = failure_of(work);

    CHECK(failure.failure == FailureKind::usage);
    for (const auto& word : words)
        CHECK_THAT(failure.what(), Catch::Contains(word));
}

TEST_CASE("violations are told apart, with the table and columns that the engine names") {
    TestDatabase fixture(R"(
        create table teams (id integer primary key);
        create table members (id integer primary key, team_id integer references teams (id),
            name text not null, email text, size integer check (size > 0), unique (name, email));
        insert into members values (1, null, 'ada', 'a@b', 1);)");
    using Columns = std::vector<std::string>;
    const auto [sql, kind, table, columns] =
        GENERATE(Catch::Generators::table<std::string, FailureKind, std::string, Columns>(
            {{"insert into members values (2, null, 'ada', 'a@b', 1)",
              FailureKind::unique_violation,
              "members",
              {"name", "email"}},
             {"insert into members values (1, null, 'eve', 'x', 1)",
              FailureKind::unique_violation,
              "members",
              {"id"}},
             {"insert into members values (2, 5, 'eve', 'x', 1)",
              FailureKind::foreign_key_violation, by_engine("", "members"),
              test::on_postgresql() ? Columns{"team_id"} : Columns{}},
             {"insert into members values (2, null, null, 'x', 1)",
              FailureKind::not_null_violation,
              "members",
              {"name"}},
             {"insert into members values (2, null, 'eve', 'x', 0)",
              FailureKind::check_violation,
              by_engine("", "members"),
              {}}}));

    const auto failure = failure_of([&, sql = sql] { fixture.write(sql); });

    CHECK(failure.failure == kind);
    CHECK(failure.table == table);
    CHECK(failure.columns == columns);
    CHECK(failure.kind == ErrorKind::internal);
}

TEST_CASE("a bound secret is in no text of a failing statement") {
    TestDatabase fixture(notes_schema);
    const std::string secret = "canary-5f2c";
    fixture.write("insert into notes values (1, :text)", {{"text", secret}});
    using Work = std::function<void(db::Session&)>;
    const Work work = GENERATE_REF(values<Work>(
        {[&](db::Session& sql) {
             sql.run("insert into notes values (2, :text)", {{"text", secret}});
         },
         [&](db::Session& sql) {
             sql.run("insert into notes values (2000000, :text)", {{"text", secret}});
         },
         [&](db::Session& sql) {
             sql.run("insert into nowhere values (:text)", {{"text", secret}});
         },
         [&](db::Session& sql) { sql.run("select json(:text)", {{"text", secret}}); },
         [&](db::Session& sql) {
             sql.all<std::int64_t>("select text from notes where text = :text", {{"text", secret}});
         }}));

    const auto failure = failure_of([&] { fixture.commit(work); });

    const auto everything = std::string(failure.what()) + failure.message + failure.code +
                            failure.table + json::text_of(failure.columns);
    CHECK(everything.find(secret) == std::string::npos);
}

TEST_CASE("the log of slow statements shows their name, their text and no bound value") {
    db::Options options;
    options.slow_query_ms = 1;
    TestDatabase fixture({}, options);
    log::start(LogLevel::info);

    const auto log = test::output_of([&] {
        fixture.read([](db::Session& sql) {
            return sql.one<std::int64_t>(
                "/* numbers.count */ "
                "with recursive n(i) as (select 1 union all select i + 1 from n where i < 100000) "
                "select count(*) from n where cast(i as text) <> :secret",
                {{"secret", "canary-77aa"}});
        });
    });

    CHECK_THAT(log, Catch::Contains("slow query") && Catch::Contains(":secret") &&
                        Catch::Contains(R"("statement":"numbers.count")"));
    CHECK_THAT(log, !Catch::Contains("canary-77aa"));
}

TEST_CASE("a failed statement leaves no read transaction open") {
    TestDatabase fixture(notes_schema);
    fixture.write("insert into notes values (1, 'a'), (2, 'b')");
    const db::HandlerScope scope;
    auto& sql = fixture.database().session();
    failure_of([&] { sql.maybe<Note>("select id, text from notes"); });

    std::jthread([&] { fixture.write("insert into notes values (3, 'c')"); }).join();

    CHECK(sql.one<std::int64_t>("select count(*) from notes") == 3);
}

TEST_CASE("a statement that changes rows and returns them runs once, whatever its columns' types") {
    const std::string odd = test::on_postgresql() ? "char(1)" : "fancy";
    TestDatabase fixture("create table marks (id uuid, at timestamptz, odd " + odd +
                         ", count integer)");
    const auto id = Uuid::fresh();
    fixture.write("insert into marks values (:id, :at, 'x', 0)", {{"id", id}, {"at", now()}});
    std::vector<Uuid> returned;

    fixture.commit([&](db::Session& sql) {
        returned = sql.all<Uuid>("update marks set count = count + 1 where count = 0 returning id");
        sql.all<Timestamp>("insert into marks values (:id, :at, 'y', 1) returning at",
                           {{"id", id}, {"at", now()}});
    });

    CHECK(returned == std::vector{id});
    CHECK(fixture.count("marks where odd = 'x' and count = 1") == 1);
    CHECK(fixture.count("marks where odd = 'y'") == 1);
}
