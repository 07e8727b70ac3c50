#pragma once
// A module's manifest and the ELF note that carries it.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace bulkhead {

class Core;
class Module;

/// Version of these headers. A module loads if its major is the core's and its minor not above.
inline constexpr int sdk_major = 1;
inline constexpr int sdk_minor = 1;

/// What was built with what. Two files fit together only if their stamps are equal.
#if defined(__has_feature)
#define BULKHEAD_HAS(feature) __has_feature(feature)
#else
#define BULKHEAD_HAS(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || BULKHEAD_HAS(address_sanitizer)
inline constexpr std::string_view build_sanitizer = "address";
#elif defined(__SANITIZE_THREAD__) || BULKHEAD_HAS(thread_sanitizer)
inline constexpr std::string_view build_sanitizer = "thread";
#else
inline constexpr std::string_view build_sanitizer = "none";
#endif
#define BULKHEAD_TEXT(token) #token
#define BULKHEAD_TEXT_OF(macro) BULKHEAD_TEXT(macro)
#if defined(__clang__)
inline constexpr std::string_view build_compiler = "clang-" BULKHEAD_TEXT_OF(__clang_major__);
#else
inline constexpr std::string_view build_compiler = "g++-" BULKHEAD_TEXT_OF(__GNUC__);
#endif
#undef BULKHEAD_TEXT_OF
#undef BULKHEAD_TEXT
#undef BULKHEAD_HAS
inline constexpr int build_cxx_abi = __GXX_ABI_VERSION;

/// What a module says of itself. `needs` names other modules.
struct Manifest {
    const char* name = "";
    const char* version = "0.0.0";  ///< semantic version: "1.2.3"
    const char* needs[16] = {};
    Module* (*start)(Core&) = nullptr;
};

/// One migration file, embedded.
struct Migration {
    std::string_view name;  ///< "2026-11-20-09-30-create-orders"
    std::string_view up;
    std::string_view down;
};

/// What bulkhead_module_entry() returns.
struct ModuleEntry {
    Module* (*start)(Core&);
    std::span<const Migration> migrations;
};

/// Bytes of `.note.bulkhead` (System V gABI, "Note Section"): owner "Bulkhead", type 1, and as
/// descriptor lines of `key=value`, padded with zeros.
struct ManifestNote {
    static constexpr std::size_t descriptor_bytes = 512;

    std::uint32_t name_size = 9;
    std::uint32_t descriptor_size = descriptor_bytes;
    std::uint32_t type = 1;
    char owner[12] = "Bulkhead";
    char descriptor[descriptor_bytes] = {};
};

namespace detail {

// Not defined on purpose; see routes.hpp.
void the_manifest_does_not_fit_into_its_note();
void a_module_name_is_lower_case_letters_digits_and_underscores();

class NoteWriter {
public:
    consteval explicit NoteWriter(ManifestNote& note) : note_(note) {}

    consteval void line(std::string_view key, std::string_view value) {
        put(key), put("="), put(value), put("\n");
    }
    consteval void line(std::string_view key, int value) {
        char digits[12] = {};
        std::size_t count = 0;
        do {
            digits[count++] = static_cast<char>('0' + value % 10);
            value /= 10;
        } while (value != 0);
        put(key), put("=");
        while (count > 0)
            put({&digits[--count], 1});
        put("\n");
    }
    consteval void put(std::string_view text) {
        if (used_ + text.size() > ManifestNote::descriptor_bytes)
            the_manifest_does_not_fit_into_its_note();
        for (const char c : text)
            note_.descriptor[used_++] = c;
    }

private:
    ManifestNote& note_;
    std::size_t used_ = 0;
};

consteval bool is_module_name(std::string_view name) {
    for (const char c : name)
        if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_')
            return false;
    return !name.empty();
}

}  // namespace detail

consteval ManifestNote manifest_note(const Manifest& manifest) {
    if (!detail::is_module_name(manifest.name))
        detail::a_module_name_is_lower_case_letters_digits_and_underscores();
    ManifestNote note;
    detail::NoteWriter out(note);
    out.line("name", manifest.name);
    out.line("version", manifest.version);
    out.line("sdk_major", sdk_major);
    out.line("sdk_minor", sdk_minor);
    out.line("compiler", build_compiler);
    out.line("cxx_abi", build_cxx_abi);
    out.line("sanitizer", build_sanitizer);
    for (const char* need : manifest.needs)
        if (need != nullptr)
            out.line("needs", need);
    return note;
}

}  // namespace bulkhead
