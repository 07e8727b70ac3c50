#include "db/kept_file.hpp"

#include "value/descriptor.hpp"
#include "value/sha256.hpp"
#include "value/write_all.hpp"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace bulkhead::db {

namespace {

constexpr std::size_t digest_length = 64;

value::Descriptor open_file(const std::filesystem::path& path, int flags) {
    value::Descriptor file(::open(path.c_str(), flags | O_CLOEXEC, 0600));
    if (!file)
        fail_with(errno, path.string() + " cannot be opened");
    return file;
}

std::filesystem::path folder_of(const std::filesystem::path& file) {
    return file.has_parent_path() ? file.parent_path() : ".";
}

}  // namespace

void fail_with(int error, const std::string& what) {
    throw std::runtime_error(what + ": " + std::strerror(error));
}

DraftFile::DraftFile(std::filesystem::path path) : path_(std::move(path)) {
    ::unlink(path_.c_str());
    (void)open_file(path_, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
}

DraftFile::~DraftFile() {
    for (const auto* beside : {"-journal", "-wal", "-shm"})
        ::unlink((path_.string() + beside).c_str());
    if (!placed_)
        ::unlink(path_.c_str());
}

void DraftFile::write(std::string_view bytes) const {
    if (!value::write_all(open_file(path_, O_WRONLY | O_TRUNC).number(), bytes))
        fail_with(errno, path_.string() + " cannot be written");
}

void DraftFile::copy_from(const std::filesystem::path& other) const {
    constexpr std::size_t at_once = 64 << 20;
    const auto from = open_file(other, O_RDONLY);
    const auto to = open_file(path_, O_WRONLY | O_TRUNC);
    for (ssize_t count = 1; count != 0;) {
        count = ::sendfile(to.number(), from.number(), nullptr, at_once);
        if (count < 0 && errno != EINTR)
            fail_with(errno, other.string() + " cannot be copied to " + path_.string());
    }
}

std::string DraftFile::digest() const {
    return value::sha256_of_file(open_file(path_, O_RDONLY).number());
}

std::int64_t DraftFile::bytes() const {
    return static_cast<std::int64_t>(std::filesystem::file_size(path_));
}

void DraftFile::put_in_place(const std::filesystem::path& target, Overwrite overwrite) {
    if (::fsync(open_file(path_, O_RDWR).number()) != 0)
        fail_with(errno, path_.string() + " cannot be written");
    const unsigned how = overwrite == Overwrite::yes ? 0 : RENAME_NOREPLACE;
    if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target.c_str(), how) != 0)
        fail_with(errno, target.string() + " cannot be put in place");
    placed_ = true;
    keep_names_in(folder_of(target));
}

void keep_names_in(const std::filesystem::path& folder) {
    const auto opened = open_file(folder_of(folder / "."), O_RDONLY | O_DIRECTORY);
    if (::fsync(opened.number()) != 0)
        fail_with(errno, folder.string() + " cannot be written");
}

std::filesystem::path digest_file_of(const std::filesystem::path& file) {
    return file.string() + ".sha256";
}

std::string digest_line(const std::string& digest, const std::filesystem::path& file) {
    return digest + "  " + file.filename().string() + "\n";
}

std::string recorded_digest(const std::filesystem::path& file) {
    const auto name = digest_file_of(file);
    std::ifstream stream(name);
    std::string word;
    if (!(stream >> word))
        throw std::runtime_error(
            name.string() +
            ", the checksum that the backup was made with, cannot be read; put "
            "it beside the backup");
    if (word.size() != digest_length ||
        word.find_first_not_of("0123456789abcdef") != std::string::npos)
        throw std::runtime_error(name.string() + " has no SHA-256 as sha256sum writes it");
    return word;
}

}  // namespace bulkhead::db
