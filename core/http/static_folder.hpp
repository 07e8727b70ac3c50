#pragma once

#include "value/descriptor.hpp"

#include <sys/stat.h>

#include <optional>
#include <string>

namespace bulkhead::http {

/// A regular file or a folder, open for reading.
struct OpenedFile {
    value::Descriptor descriptor;
    struct stat status{};

    bool is_folder() const { return S_ISDIR(status.st_mode); }
};

/// A folder out of which no name leads. Any thread; blocks on the disk.
class StaticFolder {
public:
    explicit StaticFolder(std::string path) : path_(std::move(path)) {}

    /// Opens what lies at `relative`, "" for the folder itself. Symbolic links are followed as long
    /// as they lead nowhere outside. Empty for whatever else is there, may not be read, or is not
    /// there. Throws Fault "http.overloaded" when no more files can be open, and
    /// std::system_error when the disk fails.
    std::optional<OpenedFile> open(const std::string& relative) const;

private:
    std::string path_;
};

}  // namespace bulkhead::http
