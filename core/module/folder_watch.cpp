#include "module/folder_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace bulkhead::module {

namespace fs = std::filesystem;

struct FolderWatch::Event {
    int watch;
    std::uint32_t what;
    fs::path name;  ///< within the watched folder

    bool has(std::uint32_t any) const { return (what & any) != 0; }
};

namespace {

// Not IN_MODIFY: what counts is a file that its writer has closed.
constexpr std::uint32_t watched_events = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE |
                                         IN_DELETE | IN_MOVE_SELF | IN_ONLYDIR;

constexpr std::array<std::string_view, 13> source_kinds{".c",   ".cc",    ".cpp", ".cxx", ".h",
                                                        ".hh",  ".hpp",   ".hxx", ".inl", ".ipp",
                                                        ".sql", ".cmake", ".in"};

bool is_hidden(const fs::path& name) {
    return name.native().starts_with('.');
}

bool is_source(const fs::path& name) {
    if (is_hidden(name))
        return false;
    return name == "CMakeLists.txt" || name == "CMakePresets.json" ||
           std::ranges::count(source_kinds, name.extension().native()) > 0;
}

bool is_folder(const fs::directory_entry& entry) {
    std::error_code ignored;
    return entry.is_directory(ignored) && !entry.is_symlink(ignored);
}

std::system_error beyond_limits(const fs::path& folder) {
    return {errno, std::generic_category(),
            folder.string() +
                " cannot be watched; raise fs.inotify.max_user_watches and max_user_instances with "
                "sysctl, or watch a smaller folder"};
}

}  // namespace

Result<FolderWatch> FolderWatch::open(const fs::path& folder) {
    std::error_code reason;
    auto root = fs::canonical(folder, reason);
    if (!reason && !fs::is_directory(root))
        reason = std::make_error_code(std::errc::not_a_directory);
    if (reason)
        return Error::invalid("watch.no_folder", folder.string() + " cannot be watched (" +
                                                     reason.message() +
                                                     "); name the folder of a module's sources");
    const int descriptor = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (descriptor < 0)
        return Error::unavailable("watch.limit", beyond_limits(root).what());
    FolderWatch watch(std::move(root), descriptor);
    try {
        watch.add(watch.root_);
    } catch (const std::system_error& beyond) {
        return Error::unavailable("watch.limit", beyond.what());
    }
    watch.changed_.reset();
    return watch;
}

FolderWatch::FolderWatch(fs::path root, int descriptor)
    : root_(std::move(root)), descriptor_(descriptor) {}

FolderWatch::FolderWatch(FolderWatch&& other) noexcept
    : root_(std::move(other.root_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      folders_(std::move(other.folders_)),
      changed_(std::move(other.changed_)) {}

FolderWatch::~FolderWatch() {
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

std::optional<fs::path> FolderWatch::take_change() {
    alignas(inotify_event) std::array<char, 16'384> bytes;
    ssize_t count = 0;
    while ((count = ::read(descriptor_, bytes.data(), bytes.size())) > 0)
        for (std::size_t at = 0; at < static_cast<std::size_t>(count);) {
            inotify_event event{};
            std::memcpy(&event, bytes.data() + at, sizeof event);
            const char* name = event.len > 0 ? bytes.data() + at + sizeof event : "";
            take({event.wd, event.mask, name});
            at += sizeof event + event.len;
        }
    return std::exchange(changed_, std::nullopt);
}

// Watched first and read then, so that nothing that is made meanwhile is missed.
void FolderWatch::add(const fs::path& folder) {
    if (is_left_out(folder))
        return;
    const int watch = ::inotify_add_watch(descriptor_, folder.c_str(), watched_events);
    if (watch < 0 && (errno == ENOSPC || errno == ENOMEM))
        throw beyond_limits(folder);
    if (watch < 0)
        return;  // Gone again, or not for this user to read.
    folders_.insert_or_assign(watch, folder);
    std::error_code reason;
    for (fs::directory_iterator at(folder, reason), end; !reason && at != end;
         at.increment(reason)) {
        if (is_folder(*at))
            add(at->path());
        else if (is_source(at->path().filename()))
            changed_ = at->path();
    }
}

void FolderWatch::forget(const fs::path& folder) {
    const auto prefix = folder.native() + '/';
    for (auto at = folders_.begin(); at != folders_.end();) {
        const bool gone = at->second == folder || at->second.native().starts_with(prefix);
        if (gone)
            ::inotify_rm_watch(descriptor_, at->first);
        at = gone ? folders_.erase(at) : std::next(at);
    }
}

void FolderWatch::take(const Event& event) {
    if (event.has(IN_Q_OVERFLOW)) {
        add(root_);
        changed_ = root_;
    }
    const auto folder = folders_.find(event.watch);
    if (folder == folders_.end())
        return;
    if (event.has(IN_IGNORED | IN_MOVE_SELF) && folder->second == root_)
        throw std::runtime_error(root_.string() +
                                 " is gone; put it back, and start the server again");
    if (event.has(IN_IGNORED))
        folders_.erase(folder);
    else if (event.has(IN_ISDIR))
        take_folder(event, folder->second / event.name);
    else if (!event.has(IN_CREATE) && is_source(event.name) && !is_left_out(folder->second))
        changed_ = folder->second / event.name;
}

void FolderWatch::take_folder(const Event& event, const fs::path& folder) {
    if (event.has(IN_CREATE | IN_MOVED_TO))
        return add(folder);
    if (event.has(IN_MOVED_FROM)) {
        changed_ = folder;
        forget(folder);
    }
}

// Asked at each event: a folder becomes build output after it was made.
bool FolderWatch::is_left_out(const fs::path& folder) const {
    std::error_code ignored;
    for (auto each = folder; each != root_; each = each.parent_path()) {
        const auto name = each.filename();
        if (is_hidden(name) || name == "node_modules" ||
            fs::exists(each / "CMakeCache.txt", ignored))
            return true;
    }
    return false;
}

}  // namespace bulkhead::module
