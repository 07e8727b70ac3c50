// A module as its team built it against SDK 1.0 and never since: CMake compiles it with the headers
// of tests/sdk/1.0.tar.gz. It uses of them what modules use.

#include <bulkhead/module.hpp>

#include <array>

namespace veteran {
namespace {

using namespace bulkhead;

enum class Mood : std::uint8_t { calm, stormy };
constexpr std::array<std::string_view, 2> names(Mood) {
    return {"calm", "stormy"};
}

struct Note {
    Id<Note> id{};
    std::string title;
    Mood mood = Mood::calm;
    std::optional<std::int32_t> stars;
    Timestamp created_at{};

    static auto fields() {
        return shape(field("id", &Note::id), field("title", &Note::title),
                     field("mood", &Note::mood), field("stars", &Note::stars),
                     field("created_at", &Note::created_at));
    }
};

struct NewNote {
    std::string title;
    Mood mood = Mood::calm;
    std::optional<std::int32_t> stars;
    std::vector<std::string> tags;

    static auto fields() {
        return shape(field("title", &NewNote::title, length(1, 20), described("Its name.")),
                     field("mood", &NewNote::mood),
                     field("stars", &NewNote::stars, between(1, 5), example("3")),
                     field("tags", &NewNote::tags, items(0, 2)));
    }
};

struct Filter {
    std::string title;
    static auto fields() { return shape(field("title", &Filter::title, length(0, 20))); }
};

struct Settings {
    std::string greeting = "Ahoy";
    static auto fields() { return shape(field("greeting", &Settings::greeting, length(1, 20))); }
};

class Service {
public:
    explicit Service(Core& core)
        : database_(core.database()), log_(core.log()), settings_(core.settings<Settings>()) {}

    Result<Note> add(const NewNote& wanted) {
        const Note note{Id<Note>::fresh(), wanted.title, wanted.mood, wanted.stars, now()};
        log_.info("noted", {{"title", note.title}, {"stars", note.stars.value_or(0)}});
        return database_.transaction([&](db::Session& sql) -> Result<Note> {
            auto done = db::on_conflict({"notes.title", "veteran.title_taken", "Taken."}, [&] {
                sql.run(
                    "insert into notes (id, title, mood, stars, created_at)"
                    " values (:id, :title, :mood, :stars, :created_at)",
                    note);
            });
            if (!done)
                return std::move(done.error());
            return note;
        });
    }
    Result<Note> find(Id<Note> id) {
        auto note =
            database_.session().maybe<Note>("select * from notes where id = :id", {{"id", id}});
        if (!note)
            return Error::not_found("veteran.not_found", "No such note.");
        return *std::move(note);
    }
    Result<Listing<Note>> list(const Page& page, const std::string& title) {
        const auto after = page.after<Note>();
        if (!after)
            return Error(after.error());
        auto rows = database_.session().all<Note>(
            "select * from notes where title like :title and title > :after order by title"
            " limit :rows",
            {{"title", title + "%"},
             {"after", *after ? (*after)->title : std::string()},
             {"rows", page.rows_to_fetch()}});
        return page.listing(std::move(rows), [](const Note& note) { return note; });
    }
    Result<> remove(Id<Note> id) {
        return database_.transaction([&](db::Session& sql) -> Result<> {
            if (sql.run("delete from notes where id = :id", {{"id", id}}) == 0)
                return Error::not_found("veteran.not_found", "No such note.");
            return Done{};
        });
    }
    const std::string& greeting() const { return settings_.greeting; }

private:
    db::Database& database_;
    const Log& log_;
    Settings settings_;
};

Result<Created<Note>> add(Service& notes, Body<NewNote> wanted) {
    return notes.add(*wanted);
}
Result<Note> show(Service& notes, Path<"id", Id<Note>> id) {
    return notes.find(*id);
}
Result<Listing<Note>> list(Service& notes, Page page, Query<Filter> filter) {
    return notes.list(page, filter->title);
}
Result<> remove(Service& notes, Path<"id", Id<Note>> id) {
    return notes.remove(*id);
}
Result<Raw> greet(Service& notes, Request request) {
    Raw raw;
    raw.reply.status = 202;
    raw.reply.content_type = "text/plain";
    raw.reply.headers.emplace_back("X-Method", std::string(request.method));
    raw.reply.body = notes.greeting();
    return raw;
}
Result<Filter> mine(Service&, Caller caller) {
    return Filter{caller.id.to_text().substr(0, 8)};
}

void routes(Routes<Service>& on) {
    on.post("/notes", add).open().summary("Add a note").body_limit_bytes(1000);
    on.get("/notes", list).open().summary("List the notes");
    on.get("/notes/{id}", show).open().summary("Show a note");
    on.del("/notes/{id}", remove).open().summary("Remove a note");
    on.get("/greeting", greet).open().nonblocking().summary("Greet");
    on.get("/mine", mine).scope("notes:read").summary("What the caller has");
}

class OneCaller final : public Authenticator {
public:
    Result<Caller> authenticate(std::string_view authorization) override {
        if (authorization != "Bearer veteran")
            return Error::unauthenticated("veteran.stranger", "Who are you?");
        return Caller{*CallerId::from("01a1f969-9fdd-74d6-be74-582122a5b714"), {"notes:read"}};
    }
};

class VeteranModule final : public Module {
public:
    explicit VeteranModule(Core& core) : service_(core) {
        core.offer<Authenticator>(callers_);
        core.serve(routes, service_);
    }

private:
    Service service_;
    OneCaller callers_;
};

constexpr Migration migration{
    "2026-11-20-09-40-create-notes",
    "create table notes (id uuid primary key, title text not null unique, mood text not null,"
    " stars integer, created_at timestamp not null);",
    "drop table notes;"};

}  // namespace
}  // namespace veteran

std::span<const bulkhead::Migration> bulkhead::module_migrations() {
    return {&veteran::migration, 1};
}

BULKHEAD_MODULE(.name = "veteran", .version = "1.4.2",
                .start = bulkhead::start<veteran::VeteranModule>)
