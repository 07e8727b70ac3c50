#pragma once

#include <bulkhead/result.hpp>

#include <filesystem>

namespace bulkhead::module {

/// The right to be the one supervisor of a data folder: a lock on its file supervisor.lock, which
/// the kernel takes back when the process ends, however it ends.
class DataLock {
public:
    /// Makes the folder if it is absent. Refused while another process holds the lock, by its
    /// number; and where folder or file cannot be made.
    static Result<DataLock> take(const std::filesystem::path& data_folder);
    DataLock(DataLock&& other) noexcept;
    DataLock& operator=(DataLock&&) = delete;
    ~DataLock();

    /// The folder, open: paths through it may be shorter than its name.
    int folder() const { return folder_; }

private:
    DataLock(int folder, int file) : folder_(folder), file_(file) {}

    int folder_;
    int file_;
};

/// Opens a folder to reach files through its descriptor; -1 with errno set.
int open_folder(const std::filesystem::path& folder);

}  // namespace bulkhead::module
