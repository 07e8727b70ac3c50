#include "module/quarantine.hpp"

#include "config/file.hpp"
#include "module/durable_file.hpp"
#include "module/messages.hpp"

#include <bulkhead/json.hpp>
#include <bulkhead/log.hpp>

#include <algorithm>

namespace bulkhead::module {

namespace {

constexpr std::size_t max_file_bytes = 64UL * 1024 * 1024;

struct FailedStarts {
    std::string sha256;
    std::int32_t count = 0;

    static auto fields() {
        return shape(field("sha256", &FailedStarts::sha256), field("count", &FailedStarts::count));
    }
};

struct RefusedSet {
    std::string digest;
    std::string reason;

    static auto fields() {
        return shape(field("digest", &RefusedSet::digest), field("reason", &RefusedSet::reason));
    }
};

struct Kept {
    std::vector<Quarantined> modules;
    std::vector<FailedStarts> attempts;
    std::vector<RefusedSet> sets;

    static auto fields() {
        return shape(field("modules", &Kept::modules, items(0, max_modules)),
                     field("attempts", &Kept::attempts, items(0, max_modules)),
                     field("sets", &Kept::sets, items(0, max_modules)));
    }
};

Result<Kept> read(const std::filesystem::path& file) {
    const auto text = config::read_regular_file(file, max_file_bytes);
    if (!text)
        return text.error();
    return json::read<Kept>(*text);
}

// Old entries make room: a limit nobody meets must not become a file nobody can read.
template <class Entries>
void make_room(Entries& entries) {
    if (entries.size() >= max_modules)
        entries.erase(entries.begin());
}

}  // namespace

Quarantine::Quarantine(const std::filesystem::path& data_folder)
    : file_(data_folder / "quarantine.json") {
    std::error_code absent;
    if (!std::filesystem::exists(file_, absent))
        return;
    const auto kept = read(file_);
    if (!kept) {
        Log("supervisor")
            .warning("the quarantine cannot be read and begins anew",
                     {{"file", file_.string()}, {"reason", kept.error().message}});
        return;
    }
    modules_ = kept->modules;
    for (const auto& [sha256, count] : kept->attempts)
        attempts_.emplace(sha256, count);
    for (const auto& [digest, reason] : kept->sets)
        sets_.emplace(digest, reason);
}

bool Quarantine::failed_to_start(const Pin& module, std::int32_t attempts,
                                 const std::string& reason) {
    if (!attempts_.contains(module.sha256))
        make_room(attempts_);
    const auto count = ++attempts_[module.sha256];
    const bool enough = count >= attempts;
    if (enough) {
        attempts_.erase(module.sha256);
        std::erase_if(modules_,
                      [&](const Quarantined& old) { return old.sha256 == module.sha256; });
        make_room(modules_);
        modules_.push_back({module.name, module.sha256,
                            module.name + " is quarantined: it ended " + std::to_string(count) +
                                " starts (" + clipped(reason) + "); put another " + module.name +
                                ".so into the module directory, or run `bulkhead apply "
                                "--retry`."});
    }
    write();
    return enough;
}

void Quarantine::started(std::span<const Pin> modules) {
    std::size_t forgotten = 0;
    for (const auto& module : modules)
        forgotten += attempts_.erase(module.sha256);
    if (forgotten > 0)
        write();
}

void Quarantine::refuse_set(const std::string& digest, const std::string& reason) {
    if (!sets_.contains(digest))
        make_room(sets_);
    sets_.insert_or_assign(digest, clipped(reason));
    write();
}

std::string Quarantine::refusal_of_set(const std::string& digest) const {
    const auto found = sets_.find(digest);
    return found == sets_.end() ? std::string() : found->second;
}

std::vector<Quarantined> Quarantine::modules() const {
    return modules_;
}

void Quarantine::release() {
    modules_.clear();
    attempts_.clear();
    sets_.clear();
    write();
}

std::string not_tried_again(const std::string& reason) {
    return "this set was rolled back before: " + reason +
           "; change a file, or run `bulkhead apply --retry`";
}

void Quarantine::write() const {
    Kept kept{modules_, {}, {}};
    for (const auto& [sha256, count] : attempts_)
        kept.attempts.push_back({sha256, count});
    for (const auto& [digest, reason] : sets_)
        kept.sets.push_back({digest, reason});
    std::error_code failed;
    std::filesystem::create_directories(file_.parent_path(), failed);
    if (!failed)
        failed = replace_file(file_, json::text_of(kept));
    if (failed)
        Log("supervisor")
            .error("the quarantine cannot be kept; it holds until the server ends",
                   {{"file", file_.string()}, {"reason", failed.message()}});
}

}  // namespace bulkhead::module
