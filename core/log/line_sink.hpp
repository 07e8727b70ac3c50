#pragma once

#include "log/lines.hpp"

#include <bulkhead/log.hpp>

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>

namespace bulkhead::log {

/// Hands spdlog's lines to those of their thread: its own sinks for standard output flush each one.
class LineSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        add_line({message.payload.data(), message.payload.size()});
    }
    void flush_() override {
        write_lines();
        if (const auto lost = take_lost_lines(); lost > 0)
            Log("log").warning("lines were lost because nobody read them",
                               {{"lines", static_cast<std::int64_t>(lost)}});
    }
};

}  // namespace bulkhead::log
