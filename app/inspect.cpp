#include "commands.hpp"
#include "loaded.hpp"
#include "module/gate.hpp"
#include "text_columns.hpp"

#include <bulkhead/json.hpp>

#include <iostream>

namespace bulkhead::app {
namespace {

struct Inspection {
    std::string file;
    std::int64_t bytes = 0;
    std::string sha256;
    module::FileManifest manifest;
    bool loads = false;
    std::vector<std::string> refusals;

    static auto fields() {
        return shape(field("file", &Inspection::file), field("bytes", &Inspection::bytes),
                     field("sha256", &Inspection::sha256), field("manifest", &Inspection::manifest),
                     field("loads", &Inspection::loads), field("refusals", &Inspection::refusals));
    }
};

Inspection inspection_of(const module::ModuleFile& file) {
    Inspection made{file.path,   static_cast<std::int64_t>(file.bytes.size()),
                    file.sha256, file.manifest,
                    false,       module::refusals(file)};
    made.loads = made.refusals.empty();
    return made;
}

std::string list_of(const std::vector<std::string>& words) {
    std::string list;
    for (const auto& word : words)
        list.append(list.empty() ? "" : ", ").append(word);
    return or_dash(list);
}

std::string for_people(const Inspection& found) {
    const auto& manifest = found.manifest;
    return in_columns(
        {{"file", found.file},
         {"bytes", std::to_string(found.bytes)},
         {"sha256", found.sha256},
         {"name", manifest.name},
         {"version", manifest.version},
         {"needs", list_of(manifest.needs)},
         {"sdk", std::to_string(manifest.sdk_major) + "." + std::to_string(manifest.sdk_minor)},
         {"compiler", manifest.compiler},
         {"c++ abi", std::to_string(manifest.cxx_abi)},
         {"sanitizer", manifest.sanitizer},
         {"loads", found.loads ? "yes" : "no"}});
}

Result<int> inspect(const std::filesystem::path& path, const CommandOptions& options) {
    const auto file = module::read_module_file(path);
    if (!file)
        return file.error();
    const auto found = inspection_of(*file);
    std::cout << (options.json ? json::text_of(found) + '\n' : for_people(found));
    if (!found.loads)
        return refusal(list_of(found.refusals));
    return exit_done;
}

}  // namespace

void add_inspect(Program& program) {
    auto file = std::make_shared<std::string>();
    auto& command = program.add(
        "inspect", "Say what a module file is and whether it loads, without running any of it",
        [file](const CommandOptions& options) { return inspect(*file, options); });
    command.add_option("FILE", *file, "A module's .so file")->required();
    program.offer_json(command);
}

}  // namespace bulkhead::app
