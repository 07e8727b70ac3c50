#pragma once

#include <bulkhead/shape.hpp>

namespace bulkhead::db {

/// Whether a start applies pending migrations; `automatic`: on SQLite alone.
enum class MigrateAtStart : std::uint8_t { automatic, always, never };
constexpr std::array<std::string_view, 3> names(MigrateAtStart) {
    return {"auto", "always", "never"};
}

/// When SQLite's commits reach the disk: each before it is acknowledged, or some of them together.
enum class Synchronous : std::uint8_t { full, normal };
constexpr std::array<std::string_view, 2> names(Synchronous) {
    return {"full", "normal"};
}

/// [database] of plugins.toml.
struct Options {
    std::string url = "sqlite://var/bulkhead.db";
    std::int32_t readers = 2;
    Synchronous synchronous = Synchronous::full;
    std::int32_t connections_max = 8;
    std::int32_t connections_min = 1;
    std::int32_t lane_connections = 2;
    std::int32_t idle_seconds = 300;
    std::int32_t lifetime_seconds = 3'600;
    std::int32_t connect_timeout_ms = 3'000;
    std::int32_t acquire_timeout_ms = 5'000;
    std::int32_t statement_cache = 256;
    std::int32_t statement_timeout_ms = 10'000;
    std::int32_t slow_query_ms = 100;
    std::int32_t repeated_queries = 10;
    std::int32_t transaction_attempts = 3;
    MigrateAtStart migrate = MigrateAtStart::automatic;

    static auto fields() {
        return shape(
            field("url", &Options::url, length(1, 1'000)),
            field("readers", &Options::readers, between(1, 64)),
            field("synchronous", &Options::synchronous),
            field("connections_max", &Options::connections_max, between(1, 1'000)),
            field("connections_min", &Options::connections_min, between(0, 1'000)),
            field("lane_connections", &Options::lane_connections, between(0, 16)),
            field("idle_seconds", &Options::idle_seconds, between(1, 86'400)),
            field("lifetime_seconds", &Options::lifetime_seconds, between(1, 604'800)),
            field("connect_timeout_ms", &Options::connect_timeout_ms, between(100, 60'000)),
            field("acquire_timeout_ms", &Options::acquire_timeout_ms, between(1, 60'000)),
            field("statement_cache", &Options::statement_cache, between(1, 10'000)),
            field("statement_timeout_ms", &Options::statement_timeout_ms, between(10, 600'000)),
            field("slow_query_ms", &Options::slow_query_ms, between(0, 60'000)),
            field("repeated_queries", &Options::repeated_queries, between(0, 10'000)),
            field("transaction_attempts", &Options::transaction_attempts, between(1, 10)),
            field("migrate", &Options::migrate));
    }
};

}  // namespace bulkhead::db
