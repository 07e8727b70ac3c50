#include "module/gate.hpp"

#include <bulkhead/manifest.hpp>

#include <algorithm>

namespace bulkhead::module {

namespace {

// One field of a manifest that must be what this build of the core has.
std::string differs(const ModuleFile& file, std::string_view field, const std::string& found,
                    const std::string& expected, std::string_view remedy) {
    return file.path.filename()
        .string()
        .append(": ")
        .append(field)
        .append(" is '")
        .append(found)
        .append("', expected '")
        .append(expected)
        .append("'; ")
        .append(remedy)
        .append(".");
}

std::string version_text(int major, int minor) {
    return std::to_string(major) + "." + std::to_string(minor);
}

bool fits_sdk(const FileManifest& manifest) {
    return manifest.sdk_major == sdk_major && manifest.sdk_minor <= sdk_minor;
}

std::string lower_case(std::string_view text) {
    std::string lower;
    for (const char c : text)
        lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return lower;
}

bool carries_its_name(const ModuleFile& file) {
    return file.path.stem() == file.manifest.name;
}

}  // namespace

std::vector<std::string> refusals(const ModuleFile& file) {
    const auto& manifest = file.manifest;
    std::vector<std::string> found;
    if (!fits_sdk(manifest))
        found.push_back(differs(file, "sdk", version_text(manifest.sdk_major, manifest.sdk_minor),
                                version_text(sdk_major, sdk_minor) + "' or an older minor of '" +
                                    std::to_string(sdk_major),
                                manifest.sdk_major > sdk_major || manifest.sdk_minor > sdk_minor
                                    ? "update the core, or build the module against this SDK"
                                    : "build the module against this SDK"));
    if (manifest.compiler != build_compiler)
        found.push_back(differs(file, "compiler", manifest.compiler, std::string(build_compiler),
                                "build the module with the core's compiler"));
    if (manifest.cxx_abi != build_cxx_abi)
        found.push_back(differs(file, "cxx_abi", std::to_string(manifest.cxx_abi),
                                std::to_string(build_cxx_abi),
                                "build the module with the core's compiler and -fabi-version"));
    if (manifest.sanitizer != build_sanitizer)
        found.push_back(differs(file, "sanitizer", manifest.sanitizer, std::string(build_sanitizer),
                                "build the module with the core's preset"));
    return found;
}

std::vector<std::string> refusals(const ModuleFile& file, const ModuleOptions& options) {
    auto found = refusals(file);
    const auto expected = lower_case(options.sha256);
    if (!expected.empty() && expected != file.sha256)
        found.push_back(differs(file, "sha256", file.sha256, expected,
                                "put the right file there, or this checksum into module." +
                                    file.manifest.name + ".sha256"));
    return found;
}

std::string name_refusal(const ModuleFile& file, std::span<const ModuleFile> files) {
    if (carries_its_name(file))
        return {};
    const auto twin = std::ranges::find_if(files, [&](const ModuleFile& other) {
        return other.path != file.path && other.manifest.name == file.manifest.name;
    });
    const auto& name = file.manifest.name;
    if (twin != files.end())
        return file.path.filename().string() + ": name is '" + name + "', which is also that of " +
               twin->path.filename().string() + "; remove one of the two files.";
    return file.path.filename().string() + ": name is '" + name + "', expected '" +
           file.path.stem().string() + "'; rename the file to " + name + ".so.";
}

}  // namespace bulkhead::module
