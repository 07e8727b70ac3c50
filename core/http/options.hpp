#pragma once

#include <bulkhead/shape.hpp>

namespace bulkhead::http {

/// [http] of plugins.toml: every bound on what a client may do.
struct Options {
    std::int32_t header_bytes = 16'384;
    std::int32_t header_count = 100;
    std::int64_t body_bytes = 1'048'576;
    std::int32_t header_seconds = 10;
    std::int32_t body_idle_seconds = 30;
    std::int32_t body_seconds = 60;
    std::int32_t keep_alive_seconds = 75;
    std::int32_t write_idle_seconds = 30;
    std::int32_t request_seconds = 30;
    std::int32_t connections = 10'000;
    std::int32_t pipeline_bytes = 262'144;
    std::int64_t buffer_bytes = 268'435'456;

    static auto fields() {
        return shape(
            field("header_bytes", &Options::header_bytes, between(1'024, 1'048'576)),
            field("header_count", &Options::header_count, between(8, 1'000)),
            field("body_bytes", &Options::body_bytes, between(0, 1'073'741'824)),
            field("header_seconds", &Options::header_seconds, between(1, 600)),
            field("body_idle_seconds", &Options::body_idle_seconds, between(1, 600)),
            field("body_seconds", &Options::body_seconds, between(1, 3'600)),
            field("keep_alive_seconds", &Options::keep_alive_seconds, between(1, 3'600)),
            field("write_idle_seconds", &Options::write_idle_seconds, between(1, 600)),
            field("request_seconds", &Options::request_seconds, between(1, 3'600)),
            field("connections", &Options::connections, between(1, 1'000'000)),
            field("pipeline_bytes", &Options::pipeline_bytes, between(4'096, 16'777'216)),
            field("buffer_bytes", &Options::buffer_bytes, between(1'048'576, 1'099'511'627'776)));
    }
};

}  // namespace bulkhead::http
