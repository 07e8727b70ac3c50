#pragma once
// A database as a file: copied while others write, checked, taken out of use.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

namespace bulkhead::db::sqlite {

/// Told now and then of bytes done, of all.
using OnCopied = std::function<void(std::int64_t done, std::int64_t all)>;

/// Copies the database `from`, as it is at one moment, over `to`, an empty file: one file that
/// needs no other beside it, checked to be whole. Other processes read and write meanwhile and wait
/// for nothing; their write-ahead log grows until the copy is done. Throws std::runtime_error with
/// a sentence; then `to` holds anything.
void copy_database(const std::filesystem::path& from, const std::filesystem::path& to,
                   const OnCopied& on_copied);

/// What is wrong within a database that nobody uses: the first line of `pragma integrity_check`, or
/// that it cannot be asked; empty if nothing is.
std::string damage_in(const std::filesystem::path& file);

/// Keeps all others out of a database for as long as it lives.
class Exclusion {
public:
    /// What lies in its write-ahead log becomes part of the file, and the log goes. A file that is
    /// too damaged for that stays as it is, and nobody is kept out of it. Throws std::runtime_error
    /// with a sentence while another process has it open.
    explicit Exclusion(const std::filesystem::path& file);
    ~Exclusion();
    Exclusion(const Exclusion&) = delete;
    Exclusion& operator=(const Exclusion&) = delete;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace bulkhead::db::sqlite
