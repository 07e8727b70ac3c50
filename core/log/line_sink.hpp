#pragma once

#include <spdlog/sinks/base_sink.h>
#include <atomic>
#include <mutex>
#include <string>

namespace bulkhead::log {

/// Collects lines and writes them to standard output (or error) by whole lines, one system call for
/// many: spdlog's own sinks for these flush each line.
class LineSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    static constexpr std::size_t buffer_bytes = 65'536;
    static constexpr int blocked_ms = 1'000;  ///< a full pipe is waited for, then lines are dropped

    static inline std::atomic<int> descriptor = 1;

protected:
    void sink_it_(const spdlog::details::log_msg& message) override;
    void flush_() override;

private:
    std::string buffer_;
};

}  // namespace bulkhead::log
