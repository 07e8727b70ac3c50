#include "module/module_set.hpp"

#include "config/file.hpp"
#include "module/durable_file.hpp"
#include "value/sha256.hpp"

#include <bulkhead/json.hpp>

#include <algorithm>

namespace bulkhead::module {

namespace {

constexpr std::size_t max_file_bytes = 128UL * 1024 * 1024;  // A text of 16 MiB, all escaped.

/// As it stands in the file: a set that is not what it was when it was kept is none.
struct Kept {
    std::string digest;
    ModuleSet set;

    static auto fields() { return shape(field("digest", &Kept::digest), field("set", &Kept::set)); }
};

std::filesystem::path file_in(const std::filesystem::path& data_folder) {
    return data_folder / "last-good.json";
}

}  // namespace

std::string ModuleSet::digest() const {
    return value::sha256(json::text_of(*this));
}

std::vector<Pin> pins_of(std::span<const ModuleStatus> modules) {
    std::vector<Pin> pins;
    for (const auto& module : modules)
        if (module.state == State::running)
            pins.push_back({module.name, module.sha256});
    std::ranges::sort(pins, {}, &Pin::name);
    return pins;
}

Result<> keep_last_good(const std::filesystem::path& data_folder, const ModuleSet& set) {
    std::error_code reason;
    std::filesystem::create_directories(data_folder, reason);
    if (!reason)
        reason = replace_file(file_in(data_folder), json::text_of(Kept{set.digest(), set}));
    if (!reason)
        return Done{};
    return Error::unavailable(
        "module.set_not_kept",
        "cannot keep the set of modules that serves in " + file_in(data_folder).string() + " (" +
            reason.message() +
            "); make room there and let this user write to it, or name another folder in "
            "server.data");
}

std::optional<ModuleSet> last_good(const std::filesystem::path& data_folder) {
    const auto text = config::read_regular_file(file_in(data_folder), max_file_bytes);
    if (!text)
        return std::nullopt;
    auto kept = json::read<Kept>(*text);
    if (!kept || kept->digest != kept->set.digest())
        return std::nullopt;
    return std::move(kept->set);
}

}  // namespace bulkhead::module
