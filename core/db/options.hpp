#pragma once

#include <bulkhead/shape.hpp>

namespace bulkhead::db {

/// [database] of plugins.toml.
struct Options {
    std::string url = "sqlite://var/bulkhead.db";
    std::int32_t readers = 2;
    std::int32_t acquire_timeout_ms = 5'000;
    std::int32_t statement_cache = 256;
    std::int32_t statement_timeout_ms = 10'000;
    std::int32_t slow_query_ms = 100;
    std::int32_t transaction_attempts = 3;

    static auto fields() {
        return shape(
            field("url", &Options::url, length(1, 1'000)),
            field("readers", &Options::readers, between(1, 64)),
            field("acquire_timeout_ms", &Options::acquire_timeout_ms, between(1, 60'000)),
            field("statement_cache", &Options::statement_cache, between(1, 10'000)),
            field("statement_timeout_ms", &Options::statement_timeout_ms, between(10, 600'000)),
            field("slow_query_ms", &Options::slow_query_ms, between(0, 60'000)),
            field("transaction_attempts", &Options::transaction_attempts, between(1, 10)));
    }
};

}  // namespace bulkhead::db
