#include "module/inventory.hpp"

#include "module/gate.hpp"
#include "module/private_copy.hpp"
#include "value/nearest.hpp"

#include <algorithm>
#include <tuple>

namespace bulkhead::module {

namespace {

namespace fs = std::filesystem;

const ModuleOptions* table_of_module(const Configuration& configuration, const std::string& name) {
    const auto found = configuration.module.find(name);
    return found == configuration.module.end() ? nullptr : &found->second;
}

struct Directory {
    std::vector<fs::path> files;  ///< sorted by name
    std::error_code reason;       ///< why it could not be listed
};

Directory list(const fs::path& folder) {
    Directory directory;
    for (fs::directory_iterator at(folder, directory.reason), end; !directory.reason && at != end;
         at.increment(directory.reason))
        if (at->path().extension() == ".so")
            directory.files.push_back(at->path());
    std::ranges::sort(directory.files);
    return directory;
}

std::string disabled_reason(const std::string& name) {
    return "disabled in plugins.toml; set module." + name + ".enabled = true.";
}

std::string joined(const std::vector<std::string>& sentences) {
    std::string text;
    for (const auto& sentence : sentences)
        text.append(text.empty() ? "" : " ").append(sentence);
    return text;
}

std::string quarantine_reason(const ModuleFile& file, const std::string& name, const Terms& terms) {
    for (const auto& quarantined : terms.quarantined)
        if (quarantined.name == name && quarantined.sha256 == file.sha256)
            return quarantined.reason;
    return {};
}

// What the tables of plugins.toml, the gate and the supervisor say of a file that carries its own
// name.
std::pair<State, std::string> judge(const ModuleFile& file, const std::string& name,
                                    const ModuleOptions* options, const Terms& terms) {
    if (options == nullptr)
        return {State::available, "not in plugins.toml; add [module." + name + "] to load it."};
    if (!options->enabled)
        return {State::disabled, disabled_reason(name)};
    if (auto reason = joined(refusals(file, *options)); !reason.empty())
        return {State::refused, std::move(reason)};
    if (auto reason = quarantine_reason(file, name, terms); !reason.empty())
        return {State::quarantined, std::move(reason)};
    return {State::running, {}};
}

// `refusal`: why the file may not carry this name; empty when it may.
void add_readable(ModuleFile& file, const std::string& name, const std::string& refusal,
                  const Configuration& configuration, const Terms& terms, Inventory& inventory) {
    auto& status = inventory.statuses[name];
    status.name = name;
    status.file = file.path;
    status.sha256 = file.sha256;
    status.version = file.manifest.version;
    status.needs = file.manifest.needs;
    std::tie(status.state, status.reason) =
        refusal.empty() ? judge(file, name, table_of_module(configuration, name), terms)
                        : std::pair(State::refused, refusal);
    // The names of the files are still compared; their bytes are not needed here any more.
    auto bytes = std::exchange(file.bytes, {});
    if (status.state == State::running)
        inventory.admitted.emplace(status.name, file).first->second.bytes = std::move(bytes);
}

void add_unreadable(const fs::path& path, const std::string& name, const std::string& reason,
                    Inventory& inventory) {
    auto& status = inventory.statuses[name];
    status.name = name;
    status.file = path;
    status.state = State::refused;
    status.reason = reason;
}

std::string no_file(const std::string& name, const Configuration& configuration,
                    const Directory& directory, const Inventory& inventory) {
    std::vector<std::string_view> present;
    for (const auto& [stem, status] : inventory.statuses)
        if (!status.file.empty() && table_of_module(configuration, stem) == nullptr)
            present.push_back(stem);
    const auto meant = nearest(name, present);
    return "no file for module '" + name + "' in " + configuration.module_directory().string() +
           (directory.reason ? ", which cannot be read (" + directory.reason.message() + ")" : "") +
           "; " +
           (meant.empty() ? "put " + name + ".so there or disable the module."
                          : "did you mean '" + std::string(meant) + "'?");
}

void add_table(const std::string& name, State state, const std::string& reason,
               Inventory& inventory) {
    auto& status = inventory.statuses[name];
    status.name = name;
    status.state = state;
    status.reason = reason;
}

// Tables without a readable file, and disabled ones whose file nobody needs to judge.
void add_tables(const Configuration& configuration, const Directory& directory,
                Inventory& inventory) {
    for (const auto& [name, options] : configuration.module)
        if (!options.enabled)
            add_table(name, State::disabled, disabled_reason(name), inventory);
        else if (!inventory.statuses.contains(name))
            add_table(name, State::refused, no_file(name, configuration, directory, inventory),
                      inventory);
}

void take_directory(const Configuration& configuration, const Start& start, Inventory& inventory) {
    const auto directory = list(configuration.module_directory());
    std::vector<ModuleFile> files;
    for (const auto& path : directory.files) {
        start.on_stage({Step::gate, path.stem()});
        auto file = read_module_file(path);
        if (file)
            files.push_back(*std::move(file));
        else
            add_unreadable(path, path.stem(), file.error().message + ".", inventory);
    }
    for (auto& file : files)
        add_readable(file, file.path.stem(), name_refusal(file, files), configuration, start.terms,
                     inventory);
    add_tables(configuration, directory, inventory);
}

Result<ModuleFile> read_pinned(const Pin& pin, const fs::path& copy) {
    auto file = read_module_file(copy);
    if (!file)
        return file;
    if (file->sha256 != pin.sha256)
        return Error::invalid("module.refused", copy.string() + ": sha256 is '" + file->sha256 +
                                                    "', expected '" + pin.sha256 +
                                                    "'; the copy is damaged");
    if (file->manifest.name != pin.name)
        return Error::invalid("module.refused", copy.string() + ": name is '" +
                                                    file->manifest.name + "', expected '" +
                                                    pin.name + "'; the pin is wrong");
    return file;
}

// A copy that somebody has removed or damaged is made anew from a file with the same content.
Result<ModuleFile> find_pinned(const Pin& pin, const fs::path& copy, const fs::path& directory) {
    auto kept = read_pinned(pin, copy);
    if (kept)
        return kept;
    auto original = read_pinned(pin, directory / (pin.name + ".so"));
    return original ? std::move(original) : std::move(kept);
}

void take_pinned(const Configuration& configuration, const Start& start, Inventory& inventory) {
    for (const auto& pin : start.terms.pinned) {
        start.on_stage({Step::gate, pin.name});
        const auto copy = copy_in(folder_of_copies(configuration.data_folder()), pin.sha256);
        auto file = find_pinned(pin, copy, configuration.module_directory());
        if (file)
            add_readable(*file, pin.name, {}, configuration, start.terms, inventory);
        else
            add_unreadable(copy, pin.name,
                           "the kept copy of module '" + pin.name + "' cannot be used (" +
                               file.error().message + "); apply plugins.toml again, so that " +
                               pin.name + ".so is taken from the module directory.",
                           inventory);
    }
    for (const auto& [name, options] : configuration.module)
        if (!options.enabled)
            add_table(name, State::disabled, disabled_reason(name), inventory);
        else if (!inventory.statuses.contains(name))
            add_table(name, State::refused,
                      "module '" + name +
                          "' did not run in the set that was started again; apply plugins.toml "
                          "again to load it.",
                      inventory);
}

void take_nothing(const Configuration& configuration, Inventory& inventory) {
    for (const auto& [name, options] : configuration.module)
        add_table(name, State::disabled,
                  options.enabled ? "safe mode: no module is loaded; restart without --safe."
                                  : disabled_reason(name),
                  inventory);
}

}  // namespace

Inventory take_inventory(const Configuration& configuration, const Start& start) {
    Inventory inventory;
    start.on_stage({Step::gate, {}});
    if (start.terms.safe)
        take_nothing(configuration, inventory);
    else if (start.terms.pinned.empty())
        take_directory(configuration, start, inventory);
    else
        take_pinned(configuration, start, inventory);
    return inventory;
}

}  // namespace bulkhead::module
