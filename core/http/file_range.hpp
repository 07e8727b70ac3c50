#pragma once

#include "value/descriptor.hpp"

#include <cstdint>
#include <string>

namespace bulkhead::http {

/// A part of a file that is the body of a reply. It is read while it goes out, so that a file of
/// any size costs its sender one piece of memory.
class FileRange {
public:
    FileRange() = default;
    /// Without a descriptor it is only as long as that: the body that a reply to HEAD leaves out.
    FileRange(value::Descriptor file, std::uint64_t first, std::uint64_t length)
        : file_(std::move(file)), next_(first), length_(length) {}
    FileRange(FileRange&& other) noexcept { *this = std::move(other); }
    FileRange& operator=(FileRange&& other) noexcept {
        file_ = std::move(other.file_);
        next_ = other.next_;
        length_ = std::exchange(other.length_, 0);
        return *this;
    }

    /// Bytes that are still to be read.
    std::uint64_t length() const { return length_; }
    bool is_open() const { return static_cast<bool>(file_); }

    /// Appends the next bytes, at most `most`. False when the file has become shorter than it was,
    /// or cannot be read.
    bool read(std::string& out, std::size_t most);

private:
    value::Descriptor file_;
    std::uint64_t next_ = 0;
    std::uint64_t length_ = 0;
};

}  // namespace bulkhead::http
