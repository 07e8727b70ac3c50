#include "module/inventory.hpp"

#include "module/gate.hpp"
#include "value/nearest.hpp"

#include <algorithm>

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

// What the tables of plugins.toml and the gate say of a file that carries its own name.
void judge(const ModuleFile& file, const ModuleOptions* options, ModuleStatus& status) {
    if (options == nullptr) {
        status.state = State::available;
        status.reason = "not in plugins.toml; add [module." + status.name + "] to load it.";
    } else if (!options->enabled) {
        status.state = State::disabled;
        status.reason = disabled_reason(status.name);
    } else {
        status.reason = joined(refusals(file, *options));
        status.state = status.reason.empty() ? State::running : State::refused;
    }
}

void add_readable(ModuleFile& file, std::span<const ModuleFile> files,
                  const Configuration& configuration, Inventory& inventory) {
    auto& status = inventory.statuses[file.path.stem()];
    status.name = file.path.stem();
    status.file = file.path;
    status.version = file.manifest.version;
    status.needs = file.manifest.needs;
    status.state = State::refused;
    status.reason = name_refusal(file, files);
    if (status.reason.empty())
        judge(file, table_of_module(configuration, status.name), status);
    // The names of the files are still compared; their bytes are not needed here any more.
    auto bytes = std::exchange(file.bytes, {});
    if (status.state == State::running)
        inventory.admitted.emplace(status.name, file).first->second.bytes = std::move(bytes);
}

void add_unreadable(const fs::path& path, const std::string& why, Inventory& inventory) {
    auto& status = inventory.statuses[path.stem()];
    status.name = path.stem();
    status.file = path;
    status.state = State::refused;
    status.reason = why + ".";
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

// Tables without a readable file, and disabled ones whose file nobody needs to judge.
void add_tables(const Configuration& configuration, const Directory& directory,
                Inventory& inventory) {
    for (const auto& [name, options] : configuration.module) {
        const bool known = inventory.statuses.contains(name);
        if (known && options.enabled)
            continue;
        const auto reason = options.enabled ? no_file(name, configuration, directory, inventory)
                                            : disabled_reason(name);
        auto& status = inventory.statuses[name];
        status.name = name;
        status.state = options.enabled ? State::refused : State::disabled;
        status.reason = reason;
    }
}

}  // namespace

Inventory take_inventory(const Configuration& configuration) {
    Inventory inventory;
    const auto directory = list(configuration.module_directory());
    std::vector<ModuleFile> files;
    for (const auto& path : directory.files) {
        auto file = read_module_file(path);
        if (file)
            files.push_back(*std::move(file));
        else
            add_unreadable(path, file.error().message, inventory);
    }
    for (auto& file : files)
        add_readable(file, files, configuration, inventory);
    add_tables(configuration, directory, inventory);
    return inventory;
}

}  // namespace bulkhead::module
