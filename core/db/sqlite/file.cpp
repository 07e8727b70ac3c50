#include "db/sqlite/engine.hpp"

#include "db/sqlite/wire.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>

namespace bulkhead::db::sqlite {

namespace {

constexpr std::string_view scheme = "sqlite://";

[[noreturn]] void refuse_url(std::string_view url, std::string_view reason) {
    throw std::runtime_error("'database.url' is \"" + std::string(url) + "\", but " +
                             std::string(reason) +
                             "; expected sqlite://PATH, such as sqlite://var/bulkhead.db");
}

std::string_view path_of(std::string_view url) {
    const auto path = url.substr(scheme.size());
    if (path.empty() || path.ends_with('/'))
        refuse_url(url, "it names no file");
    if (path == ":memory:")
        refuse_url(url, "a database in memory would be another one for each connection");
    if (path.find_first_of("\"?#\n\r\t") != std::string_view::npos)
        refuse_url(url, "quotes, ?, #, tabs and line ends have no place in it");
    return path;
}

Failure refused(const std::filesystem::path& path, const std::string& what, int error,
                std::string_view remedy) {
    return Failure(FailureKind::unavailable, "the database " + path.string() + " " + what + ": " +
                                                 std::strerror(error) + "; " + std::string(remedy));
}

void make_folders(const std::filesystem::path& file) {
    std::filesystem::path folder;
    for (const auto& part : file.parent_path()) {
        folder /= part;
        struct stat found{};
        if (stat(folder.c_str(), &found) == 0)
            continue;
        if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
            throw refused(file, "cannot be made, nor its folder " + folder.string(), errno,
                          "make that folder for this user, or correct database.url");
    }
}

std::string_view what_is_refused(int error) {
    if (error == EACCES || error == EPERM || error == EROFS)
        return "is read-only";
    return error == ENOENT ? "is gone" : "cannot be opened";
}

std::string_view remedy_for(int error) {
    if (error == ENOENT)
        return "restore it, or start again for an empty one";
    return "let this user write it and its folder, or correct database.url";
}

}  // namespace

Engine::Engine(const Options& options, const std::filesystem::path& folder)
    : options_(options),
      file_((std::filesystem::absolute(folder) / path_of(options.url)).lexically_normal()) {
    use_without_locks();
}

std::unique_ptr<db::Wire> Engine::connect(Role role) {
    prepare_file(!connected_);
    auto wire = std::make_unique<Wire>(
        file_, role, std::chrono::milliseconds(options_.acquire_timeout_ms), options_.synchronous);
    connected_ = true;
    return wire;
}

bool Engine::made() const {
    return std::filesystem::exists(file_);
}

// Never by open() and close(): closing any descriptor of the file takes away the locks that SQLite
// holds on it elsewhere in this process.
void Engine::prepare_file(bool may_create) const {
    if (may_create) {
        make_folders(file_);
        if (mknod(file_.c_str(), S_IFREG | 0600, 0) != 0 && errno != EEXIST)
            throw refused(file_, "cannot be made", errno, remedy_for(EACCES));
    }
    if (std::filesystem::is_directory(file_))
        throw refused(file_, "cannot be opened", EISDIR, "correct database.url");
    if (faccessat(AT_FDCWD, file_.c_str(), R_OK | W_OK, AT_EACCESS) != 0)
        throw refused(file_, std::string(what_is_refused(errno)), errno, remedy_for(errno));
}

}  // namespace bulkhead::db::sqlite
