#include "config/reference.hpp"

#include "config/file.hpp"

#include <cstdlib>

namespace bulkhead::config {

namespace {

constexpr std::string_view environment_prefix = "env:";
constexpr std::string_view file_prefix = "file:";

Result<std::string> from_environment(const std::string& name) {
    if (const char* value = std::getenv(name.c_str()); value != nullptr)
        return std::string(value);
    return Error::invalid("config.invalid", "names env:" + name +
                                                ", which is not set; set this environment "
                                                "variable or write the value here");
}

Result<std::string> from_file(const std::filesystem::path& path) {
    auto text = read_regular_file(path, max_referenced_file_bytes);
    if (!text)
        return Error::invalid("config.invalid",
                              "names a file, but " + text.error().message +
                                  "; make it readable to this user or write the value here");
    if (text->ends_with('\n'))
        text->pop_back();
    return text;
}

}  // namespace

bool is_reference(std::string_view text) {
    return text.starts_with(environment_prefix) || text.starts_with(file_prefix);
}

Result<std::string> resolve(std::string_view reference, const std::filesystem::path& folder) {
    if (reference.starts_with(environment_prefix))
        return from_environment(std::string(reference.substr(environment_prefix.size())));
    return from_file(folder / reference.substr(file_prefix.size()));
}

}  // namespace bulkhead::config
