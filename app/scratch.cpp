#include "scratch.hpp"

#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <stdexcept>

namespace bulkhead::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = ".bulkhead-look-";
constexpr std::chrono::hours abandoned_after{24};

// Of commands that were killed.
void drop_abandoned(const fs::path& folder) {
    const auto oldest = fs::file_time_type::clock::now() - abandoned_after;
    std::error_code reason;
    for (fs::directory_iterator at(folder, reason), end; !reason && at != end;
         at.increment(reason)) {
        // Another command may remove the same folder; then it is gone, as wanted.
        std::error_code gone;
        if (at->path().filename().string().starts_with(prefix) &&
            at->last_write_time(gone) < oldest && !gone)
            fs::remove_all(at->path(), gone);
    }
}

// Empty when this user may not.
fs::path make_in(const fs::path& folder) {
    auto name = (folder / prefix).string() + "XXXXXX";
    return ::mkdtemp(name.data()) == nullptr ? fs::path() : fs::path(name);
}

// Beside the data if possible: a folder for temporary files may forbid to execute what lies in it.
fs::path make_near(const fs::path& data_folder) {
    for (const auto& folder :
         std::array{data_folder, data_folder.parent_path(), fs::temp_directory_path()})
        if (auto made = make_in(folder); !made.empty())
            return drop_abandoned(folder), made;
    throw std::runtime_error("no folder can be made in " + data_folder.string() + " nor in " +
                             fs::temp_directory_path().string() +
                             "; let this user write to one of them");
}

bool is_shown(const fs::directory_entry& entry) {
    if (entry.path().filename() == "modules")
        return ::access(entry.path().c_str(), W_OK | X_OK) == 0;
    return entry.is_regular_file();
}

}  // namespace

Scratch::Scratch(const fs::path& data_folder)
    : path_(make_near(fs::absolute(data_folder).lexically_normal())) {
    std::error_code reason;
    for (fs::directory_iterator at(data_folder, reason), end; !reason && at != end;
         at.increment(reason)) {
        std::error_code unreadable;
        if (is_shown(*at))
            fs::create_symlink(fs::absolute(at->path()), path_ / at->path().filename(), unreadable);
    }
}

Scratch::~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

}  // namespace bulkhead::app
