#pragma once
// Routes that are one query each, on a real server and a real database.

#include "core/http/test_server.hpp"
#include "http/query_route.hpp"
#include "support/test_database.hpp"

#include <bulkhead/clock.hpp>
#include <bulkhead/query.hpp>

namespace bulkhead::test {

struct Mark {
    std::string colour;
    std::int32_t weight = 0;

    static auto fields() {
        return shape(field("colour", &Mark::colour), field("weight", &Mark::weight));
    }
};

/// A field of each kind.
struct Sample {
    Uuid id;
    std::string text;
    std::optional<std::string> remark;
    bool flag = false;
    std::optional<bool> opinion;
    std::int32_t small = 0;
    std::int64_t large = 0;
    std::optional<std::int64_t> maybe;
    double ratio = 0;
    Timestamp at{};
    std::optional<Timestamp> until;
    std::vector<std::string> tags;
    Mark mark;

    static auto fields() {
        return shape(field("id", &Sample::id), field("text", &Sample::text),
                     field("remark", &Sample::remark), field("flag", &Sample::flag),
                     field("opinion", &Sample::opinion), field("small", &Sample::small),
                     field("large", &Sample::large), field("maybe", &Sample::maybe),
                     field("ratio", &Sample::ratio), field("at", &Sample::at),
                     field("until", &Sample::until), field("tags", &Sample::tags),
                     field("mark", &Sample::mark));
    }
};

struct SampleKey {
    std::int64_t large = 0;
    Uuid id;

    static auto fields() {
        return shape(field("large", &SampleKey::large), field("id", &SampleKey::id));
    }
};

struct Number {
    std::int64_t number = 0;
    static auto fields() { return shape(field("number", &Number::number)); }
};

/// The caller is whoever the token says.
class AnyId final : public Authenticator {
public:
    Result<Caller> authenticate(std::string_view authorization) override {
        const auto id = CallerId::from(authorization.substr(std::string_view("Bearer ").size()));
        if (!id)
            return Error::unauthenticated("test.bad_token", "This token is not valid.");
        return Caller{*id, {"*"}};
    }
};

inline constexpr auto sample_schema =
    "create table samples (id uuid primary key, owner uuid not null, text text not null,"
    " remark text, flag boolean not null, opinion boolean, small integer not null,"
    " large bigint not null, maybe bigint, ratio double precision not null,"
    " at timestamptz not null, until timestamptz, tags jsonb not null, mark jsonb not null);";

inline void insert(TestDatabase& database, const Sample& sample, CallerId owner) {
    database.write(
        "insert into samples values (:id, :owner, :text, :remark, :flag, :opinion, :small, :large,"
        " :maybe, :ratio, :at, :until, :tags, :mark)",
        {{"id", sample.id},
         {"owner", owner},
         {"text", sample.text},
         {"remark", sample.remark},
         {"flag", sample.flag},
         {"opinion", sample.opinion},
         {"small", sample.small},
         {"large", sample.large},
         {"maybe", sample.maybe},
         {"ratio", sample.ratio},
         {"at", sample.at},
         {"until", sample.until},
         {"tags", sample.tags},
         {"mark", sample.mark}});
}

#define SAMPLE_COLUMNS                                                                          \
    "select id, text, remark, flag, opinion, small, large, maybe, ratio, at, until, tags, mark" \
    " from samples"

struct NoService {};

inline void sample_routes(Routes<NoService>& on) {
    on.get("/samples/{id}", query<Sample, Path<"id", Uuid>>(SAMPLE_COLUMNS " where id = :id",
                                                            {"test.no_sample", "No sample."}))
        .open();
    on.get("/mine/{id}", query<Sample, Path<"id", Uuid>, Caller>(
                             SAMPLE_COLUMNS " where id = :id and owner = :caller"))
        .scope("samples:read");
    on.get("/samples", query<std::vector<Sample>>(SAMPLE_COLUMNS " order by large, id")).open();
    on.get("/pages", query_page<Sample, SampleKey>(
                         {SAMPLE_COLUMNS " order by large, id limit :limit",
                          SAMPLE_COLUMNS " where large > :large or (large = :large and id > :id)"
                                         " order by large, id limit :limit"}))
        .open();
    on.get("/several", query<Sample>(SAMPLE_COLUMNS)).open();
    on.get("/absent", query<Number>("select number from nowhere")).open();
    on.get("/mistyped", query<Number>("select text as number from samples")).open();
    on.get("/divided/{by}",
           query<Number, Path<"by", std::int64_t>>("select 1 / cast(:by as bigint) as number"))
        .open();
    on.get("/echoed/{number}",
           query<Number, Path<"number", std::int64_t>>("select cast(:number as bigint) as number"))
        .open();
    on.get("/locked", query<Number>("select 1 as number from pg_advisory_xact_lock_shared(7)"))
        .open();
}
#undef SAMPLE_COLUMNS

enum class Way : std::uint8_t { lane, workers };

/// Serves them from a database that outlives it. Where there is no fast lane, workers answer.
class QueryServer {
public:
    QueryServer(db::Pool& pool, Way way, const http::Options& options = {})
        : pool_(pool), application_(blueprint(way, options)) {
        const http::Listening listening{socket_.descriptor()};
        server_.emplace(options, application_, std::span(&listening, 1), 1);
    }

    RawClient connect() const { return RawClient(socket_.port()); }

    RawResponse get(std::string_view path, std::string_view headers = {}) const {
        auto client = connect();
        client.send(http::test::get(path, "X-Request-Id: sample\r\n" + std::string(headers)));
        return client.read_response();
    }

    /// Returns once a request was answered without a lease: the first ones find no connection.
    void await_lane() const {
        for (auto leases = pool_.statistics().leases;; leases = pool_.statistics().leases)
            if (get("/echoed/1").status == 200 && pool_.statistics().leases == leases)
                return;
    }

private:
    http::Blueprint blueprint(Way way, const http::Options& options) {
        Routes<NoService> on(nothing_);
        sample_routes(on);
        http::Blueprint made;
        made.options = options;
        made.routes = on.take();
        for (auto& route : made.routes) {
            route.module = "samples";
            route.handler.service = &database_;
        }
        made.middleware = {"request_id", "recover", "deadline", "authenticate", "authorize"};
        made.authenticator = &authenticator_;
        made.handler_entered = db::HandlerScope::enter;
        made.handler_left = db::HandlerScope::leave;
        if (way == Way::lane)
            made.fast_lane = [this](value::Reactor& reactor, value::Receiver& receiver) {
                return pool_.fast_lane(reactor, receiver);
            };
        return made;
    }

    db::Pool& pool_;
    db::Database database_{pool_};
    NoService nothing_;
    AnyId authenticator_;
    http::test::ListeningSocket socket_;
    http::Application application_;
    std::optional<http::Server> server_;  ///< last: it ends first
};

}  // namespace bulkhead::test
