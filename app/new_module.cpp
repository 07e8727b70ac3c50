#include "commands.hpp"
#include "module/configuration.hpp"

#include <bulkhead/clock.hpp>
#include <bulkhead/request.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <iostream>

namespace bulkhead::app {

/// app/template/, embedded: a module called `sample`, by path and text.
std::span<const NamedText> module_template();

namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_name_length = 40;  // So that the lines of the template stay lines.
constexpr std::string_view template_date = "2026-11-20";

// Words that cannot be the name of a namespace beside those of the SDK and of the C library.
constexpr auto taken_words = std::to_array<std::string_view>({"and_eq",       "or_eq",
                                                              "not_eq",       "xor_eq",
                                                              "char8_t",      "char16_t",
                                                              "char32_t",     "wchar_t",
                                                              "co_await",     "co_return",
                                                              "co_yield",     "const_cast",
                                                              "dynamic_cast", "reinterpret_cast",
                                                              "static_cast",  "static_assert",
                                                              "thread_local", "size_t",
                                                              "alignas",      "alignof",
                                                              "and",          "asm",
                                                              "auto",         "bitand",
                                                              "bitor",        "bool",
                                                              "break",        "case",
                                                              "catch",        "char",
                                                              "class",        "compl",
                                                              "concept",      "const",
                                                              "consteval",    "constexpr",
                                                              "constinit",    "continue",
                                                              "decltype",     "default",
                                                              "delete",       "do",
                                                              "double",       "else",
                                                              "enum",         "explicit",
                                                              "export",       "extern",
                                                              "false",        "float",
                                                              "for",          "friend",
                                                              "goto",         "if",
                                                              "inline",       "int",
                                                              "long",         "mutable",
                                                              "namespace",    "new",
                                                              "noexcept",     "not",
                                                              "nullptr",      "operator",
                                                              "or",           "private",
                                                              "protected",    "public",
                                                              "register",     "requires",
                                                              "return",       "short",
                                                              "signed",       "sizeof",
                                                              "static",       "struct",
                                                              "switch",       "template",
                                                              "this",         "throw",
                                                              "true",         "try",
                                                              "typedef",      "typeid",
                                                              "typename",     "union",
                                                              "unsigned",     "using",
                                                              "virtual",      "void",
                                                              "volatile",     "while",
                                                              "xor",          "final",
                                                              "override",     "import",
                                                              "module",       "boost",
                                                              "bulkhead",     "config",
                                                              "core",         "db",
                                                              "detail",       "events",
                                                              "http",         "json",
                                                              "log",          "main",
                                                              "std",          "test",
                                                              "tests",        "access",
                                                              "alarm",        "clock",
                                                              "daemon",       "gamma",
                                                              "index",        "link",
                                                              "pause",        "pipe",
                                                              "random",       "read",
                                                              "remove",       "rename",
                                                              "select",       "sleep",
                                                              "sync",         "system",
                                                              "time",         "truncate",
                                                              "write"});

struct NewModule {
    std::string name;
    std::string directory;  ///< empty: the name
};

bool is_spelled_well(std::string_view name) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
    constexpr std::string_view all = "abcdefghijklmnopqrstuvwxyz0123456789_";
    return !name.empty() && name.size() <= max_name_length &&
           letters.find(name.front()) != std::string_view::npos &&
           name.find_first_not_of(all) == std::string_view::npos &&
           name.find("__") == std::string_view::npos;
}

Result<> check_name(const std::string& name) {
    if (!is_spelled_well(name))
        return refusal("'" + name +
                       "' cannot be a module's name; take a lower-case letter and then up to " +
                       std::to_string(max_name_length - 1) +
                       " lower-case letters, digits and single underscores, such as 'price_list'");
    if (std::ranges::count(taken_words, name) > 0)
        return refusal("'" + name +
                       "' means something else in C++ or in Bulkhead already; take another "
                       "word, such as '" +
                       name + "_book'");
    const auto installed = module::Configuration().module_directory() / (name + ".so");
    if (fs::exists(installed))
        return refusal("there is a module '" + name + "' already, " + installed.string() +
                       "; take another name");
    return Done{};
}

Error cannot_write(const fs::path& path, const std::error_code& reason) {
    return refusal(
        path.string() + " cannot be written (" + reason.message() +
        "); name a folder where you may write, and where there is room, with --directory");
}

// Makes it where it is absent.
Result<> check_folder(const fs::path& folder) {
    std::error_code reason;
    fs::create_directories(folder, reason);
    if (reason)
        return cannot_write(folder, reason);
    const bool empty = fs::is_empty(folder, reason);
    if (reason)
        return cannot_write(folder, reason);
    if (!empty)
        return refusal(folder.string() +
                       " is not empty; move it away or name another folder with --directory");
    return Done{};
}

/// "PriceList" for "price_list".
std::string camel_case(std::string_view name) {
    std::string text;
    bool starts = true;
    for (const char c : name) {
        if (c != '_')
            text += starts ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        starts = c == '_';
    }
    return text;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

std::string renamed(std::string_view text, const std::string& name) {
    std::string made(text);
    replace_all(made, "sample", name);
    replace_all(made, "Sample", camel_case(name));
    return made;
}

/// Where a file of the template goes: migrations begin today.
fs::path place_of(std::string_view path, const std::string& name) {
    auto place = renamed(path, name);
    replace_all(place, template_date, to_text(now()).substr(0, template_date.size()));
    return place;
}

Result<> write_file(const fs::path& path, const std::string& text) {
    std::error_code reason;
    fs::create_directories(path.parent_path(), reason);
    if (reason)
        return cannot_write(path.parent_path(), reason);
    if (!(std::ofstream(path) << text).flush())
        return cannot_write(path, {errno, std::generic_category()});
    return Done{};
}

std::string what_next(const fs::path& folder) {
    return folder.string() + " is a module of " + std::to_string(module_template().size()) +
           " files. Next:\n  cd " + folder.string() +
           "\n  cmake --workflow --preset dev\n  bulkhead serve --watch\n"
           "The second configures, builds and tests it, the third serves it on 127.0.0.1:8080; its "
           "README.md says how to go on.\n";
}

Result<int> create(const NewModule& wanted) {
    if (auto done = check_name(wanted.name); !done)
        return std::move(done.error());
    const fs::path folder = wanted.directory.empty() ? wanted.name : wanted.directory;
    if (auto done = check_folder(folder); !done)
        return std::move(done.error());
    for (const auto& [path, text] : module_template())
        if (auto done =
                write_file(folder / place_of(path, wanted.name), renamed(text, wanted.name));
            !done)
            return std::move(done.error());
    std::cout << what_next(folder);
    return exit_done;
}

}  // namespace

void add_new_module(Program& program) {
    auto wanted = std::make_shared<NewModule>();
    auto& command =
        program.add("new-module", "Write a module that builds, passes its tests and serves",
                    [wanted](const CommandOptions&) { return create(*wanted); });
    command.add_option("NAME", wanted->name, "What it is called: inventory")->required();
    command.add_option("--directory", wanted->directory, "The folder to write; by default ./NAME");
}

}  // namespace bulkhead::app
