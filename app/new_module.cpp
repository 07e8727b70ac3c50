#include "commands.hpp"
#include "module/configuration.hpp"

#include <bulkhead/clock.hpp>
#include <bulkhead/request.hpp>

#include <dlfcn.h>

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

// Words that cannot be the name of a namespace beside those of the SDK, each between spaces.
constexpr std::string_view taken_words =
    " alignas alignof alloca and and_eq asm atexit auto bitand bitor bool boost break "
    "bulkhead case catch char char16_t char32_t char8_t class co_await co_return co_yield "
    "compl concept config const const_cast consteval constexpr constinit continue core "
    "crypt db decltype default delete detail do double dynamic_cast else enum events "
    "explicit export extern false final float for friend goto http if import inline int "
    "json log long main module mutable namespace new noexcept not not_eq nullptr operator "
    "or or_eq override private protected public register reinterpret_cast requires return "
    "short signed sizeof static static_assert static_cast std struct switch template test "
    "tests this thread_local throw tm true try typedef typeid typename union unsigned "
    "using virtual void volatile wchar_t while xor xor_eq ";

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

/// So is what the C library declares, with or without std::, and what POSIX reserves.
bool is_taken(const std::string& name) {
    return taken_words.find(" " + name + " ") != std::string_view::npos || name.ends_with("_t") ||
           ::dlsym(RTLD_DEFAULT, name.c_str()) != nullptr;
}

Result<> check_name(const std::string& name) {
    if (!is_spelled_well(name))
        return refusal("'" + name +
                       "' cannot be a module's name; take a lower-case letter and then up to " +
                       std::to_string(max_name_length - 1) +
                       " lower-case letters, digits and single underscores, such as 'price_list'");
    if (is_taken(name))
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

// As a shell reads it.
std::string quoted(const std::string& text) {
    if (text.find_first_of(" \t\n\"'`$&|;<>()*?[]{}#~!\\") == std::string::npos)
        return text;
    std::string made = text;
    replace_all(made, "'", "'\\''");
    return "'" + made + "'";
}

std::string what_next(const fs::path& folder) {
    return folder.string() + " is a module of " + std::to_string(module_template().size()) +
           " files. Next:\n  cd " + quoted(folder) +
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
