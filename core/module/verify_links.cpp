#include "module/verify_links.hpp"

#include "module/walls.hpp"
#include "value/demangled.hpp"

#include <filesystem>

namespace bulkhead::module {

namespace {

constexpr std::string_view entry = "bulkhead_module_entry";
constexpr std::string_view core_library = "libbulkhead.so";

template <class Range, class Value>
bool holds(const Range& range, const Value& value) {
    return std::ranges::find(range, value) != std::ranges::end(range);
}

// What the SDK does not declare: the folders of the core are its namespaces.
bool is_inside_core(const std::string& symbol) {
    const auto scopes = scopes_of(symbol);
    return scopes.size() > 2 && scopes[0] == "bulkhead" && is_core_folder(scopes[1]) &&
           !is_of_sdk(scopes[1], scopes[2]);
}

bool is_core(const std::string& library) {
    return library.starts_with(core_library);
}

class LinkCheck {
public:
    LinkCheck(const std::string& module, const Linkage& linkage)
        : module_(module), link_(linkage) {}

    std::vector<Breach> run(std::span<const std::string> modules) {
        for (const auto& library : link_.libraries)
            judge_library(library, modules);
        if (std::ranges::none_of(link_.libraries, is_core))
            add("not linked with libbulkhead.so", "the core among its libraries",
                "build it with bulkhead_module()");
        judge_exports();
        for (const auto& symbol : link_.wanted)
            if (is_inside_core(symbol))
                add("uses " + value::demangled(symbol) + ", which is inside of the core",
                    "only what the SDK declares", "use what <bulkhead/module.hpp> offers instead");
        return std::move(found_);
    }

private:
    void judge_library(const std::string& library, std::span<const std::string> modules) {
        const auto file = std::filesystem::path(library).filename();
        if (file.extension() == ".so" && file.stem() != module_ &&
            holds(modules, file.stem().string()))
            add("linked with " + file.string() + ", another module",
                "no module among its libraries",
                "need " + file.stem().string() + " and use what its api/ declares");
        if (const auto* wall = wall_of_file(file.string()))
            add("linked with " + file.string() + ", which only " + std::string(wall->home) +
                    " may be",
                "no library that the core keeps to itself",
                "take it out of LIBRARIES and use the SDK instead");
    }

    void judge_exports() {
        for (const auto& symbol : link_.exported)
            if (symbol != entry)
                add("exports " + value::demangled(symbol), "one symbol, " + std::string(entry),
                    "build it with bulkhead_module(), which hides the rest");
        if (!holds(link_.exported, entry))
            add("does not export " + std::string(entry), "one symbol, " + std::string(entry),
                "write BULKHEAD_MODULE(...) in its module.cpp");
    }

    void add(std::string found, std::string expected, std::string remedy) {
        found_.push_back(
            {module_, Boundary::links, std::move(found), std::move(expected), std::move(remedy)});
    }

    const std::string& module_;
    const Linkage& link_;
    std::vector<Breach> found_;
};

}  // namespace

std::vector<Breach> link_breaches(const std::string& module, const Linkage& linkage,
                                  std::span<const std::string> modules) {
    return LinkCheck(module, linkage).run(modules);
}

}  // namespace bulkhead::module
