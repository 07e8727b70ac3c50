#pragma once

#include <bulkhead/log.hpp>

#include <bulkhead/clock.hpp>

#include <memory>

namespace bulkhead::log {

/// What every line of these has in common, between its time and its request id: ready text.
std::string line_start(LogLevel level, std::string_view module, std::string_view message);

/// One line of JSON, put together in memory that is kept for the next one. One thread at a time.
class Line {
public:
    Line();

    /// Begins anew. `start` is from line_start(); an empty request id is left out.
    void begin(Timestamp time, std::string_view start, std::string_view request_id);

    /// A value as JSON: quoted and escaped.
    void text(std::string_view value);
    /// The same for a value that is known to need no escape.
    void plain(std::string_view value) {
        char* const quoted = room(value.size() + 2);
        quoted[0] = '"';
        value.copy(quoted + 1, value.size());
        quoted[value.size() + 1] = '"';
        size_ += value.size() + 2;
    }
    void number(std::int64_t value);
    /// Ready text as it is, such as the label of a value: ,"name":
    void put(std::string_view ready) { size_ += ready.copy(room(ready.size()), ready.size()); }

    /// Ends the line; valid until the next begin().
    std::string_view end();

private:
    char* room(std::size_t bytes) {
        if (capacity_ - size_ < bytes)
            grow(bytes);
        return bytes_.get() + size_;
    }
    void grow(std::size_t bytes);
    void put_time(Timestamp time);

    std::size_t size_ = 0;
    std::size_t capacity_;
    std::unique_ptr<char[]> bytes_;
    std::chrono::sys_time<std::chrono::milliseconds> instant_{};  ///< whose text `instant_text_` is
    std::string instant_text_;
};

}  // namespace bulkhead::log
