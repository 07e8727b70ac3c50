#include "commands.hpp"

#include <bulkhead/json.hpp>
#include <bulkhead/manifest.hpp>

#include <iostream>

namespace bulkhead::app {
namespace {

struct Version {
    std::string version = BULKHEAD_VERSION;
    std::string sdk = std::to_string(sdk_major) + "." + std::to_string(sdk_minor);
    std::string compiler{build_compiler};
    std::int32_t cxx_abi = build_cxx_abi;
    std::string sanitizer{build_sanitizer};

    static auto fields() {
        return shape(field("version", &Version::version), field("sdk", &Version::sdk),
                     field("compiler", &Version::compiler), field("cxx_abi", &Version::cxx_abi),
                     field("sanitizer", &Version::sanitizer));
    }
};

Result<int> print_version(const CommandOptions& options) {
    const Version built;
    if (options.json)
        std::cout << json::text_of(built) << '\n';
    else
        std::cout << "bulkhead " << built.version << " (SDK " << built.sdk << ", " << built.compiler
                  << ", C++ ABI " << built.cxx_abi << ", sanitizer " << built.sanitizer << ")\n";
    return exit_done;
}

}  // namespace

void add_version(Program& program) {
    program.offer_json(
        program.add("version", "What this program is and what modules must match", print_version));
}

}  // namespace bulkhead::app
