#include "module/manifest_reader.hpp"

#include "core/module/files.hpp"

#include <bulkhead/manifest.hpp>

#include <sys/stat.h>

#include <elf.h>
#include <catch2/catch.hpp>
#include <cstring>

using namespace bulkhead;
using module::read_manifest;
using test::patched;

namespace {

// Overwrites one member of the ELF header.
template <class T, class V>
std::string with_header(std::string image, T Elf64_Ehdr::* member, V value) {
    Elf64_Ehdr header;
    std::memcpy(&header, image.data(), sizeof header);
    header.*member = static_cast<T>(value);
    return image.replace(0, sizeof header, reinterpret_cast<const char*>(&header), sizeof header);
}

// Overwrites one member of the program header that holds our note.
template <class T>
std::string with_note_segment(std::string image, T Elf64_Phdr::* member, T value) {
    Elf64_Ehdr header;
    std::memcpy(&header, image.data(), sizeof header);
    const auto note = image.find(std::string_view("Bulkhead\0\0\0\0name=", 17)) - 12;
    for (std::size_t index = 0; index < header.e_phnum; ++index) {
        Elf64_Phdr segment;
        const auto at = header.e_phoff + index * sizeof segment;
        std::memcpy(&segment, image.data() + at, sizeof segment);
        if (segment.p_type != PT_NOTE || segment.p_offset > note ||
            segment.p_offset + segment.p_filesz <= note)
            continue;
        segment.*member = value;
        image.replace(at, sizeof segment, reinterpret_cast<const char*>(&segment), sizeof segment);
    }
    return image;
}

std::string refusal(std::string_view image) {
    const auto manifest = read_manifest(image);
    return manifest ? "accepted" : manifest.error().message;
}

}  // namespace

TEST_CASE("a module's manifest is read from its file") {
    const auto manifest = read_manifest(test::fixture("guest"));

    REQUIRE(manifest);
    CHECK(manifest->name == "guest");
    CHECK(manifest->version == "1.0.0");
    CHECK(manifest->sdk_major == sdk_major);
    CHECK(manifest->sdk_minor == sdk_minor);
    CHECK(manifest->compiler == build_compiler);
    CHECK(manifest->cxx_abi == build_cxx_abi);
    CHECK(manifest->sanitizer == build_sanitizer);
    CHECK(manifest->needs == std::vector<std::string>{"good"});
}

TEST_CASE("bytes that are no module for this machine are refused, saying what they are") {
    const auto good = test::fixture("good");
    const auto [image, sentence] = GENERATE_COPY(table<std::string, std::string>({
        {"", "is no ELF file"},
        {"#!/bin/sh\necho hello\n", "is no ELF file"},
        {good.substr(0, 4), "is truncated"},
        {good.substr(0, 63), "is truncated"},
        {good.substr(0, 64), "is truncated"},
        {good.substr(0, good.size() / 2), "is truncated"},
        {good.substr(0, good.size() - 1), "is truncated"},
        {patched(good,
                 "\x7f"
                 "ELF\x02",
                 "\x7f"
                 "ELF\x01"),
         "is no 64-bit little-endian ELF file"},
        {with_header(good, &Elf64_Ehdr::e_machine, EM_S390), "is for another machine"},
        {with_header(good, &Elf64_Ehdr::e_type, ET_EXEC), "is no shared object"},
        {with_header(good, &Elf64_Ehdr::e_type, ET_REL), "is no shared object"},
        {with_header(good, &Elf64_Ehdr::e_phentsize, 1), "program headers of an unknown size"},
        {with_header(good, &Elf64_Ehdr::e_phnum, 0), "has no note"},
        {with_header(good, &Elf64_Ehdr::e_phnum, 0xffff), "is truncated"},
        {with_header(good, &Elf64_Ehdr::e_phoff, ~0ULL), "is truncated"},
        {with_header(good, &Elf64_Ehdr::e_shoff, ~0ULL), "is truncated"},
    }));

    CHECK_THAT(refusal(image), Catch::Contains(sentence));
}

TEST_CASE("a note whose sizes lead elsewhere is refused, wherever they lead") {
    const auto good = test::fixture("good");
    const auto head = std::string("\x09\0\0\0\0\x02\0\0\x01\0\0\0", 12) + "Bulkhead";
    const auto [image, sentence] = GENERATE_COPY(table<std::string, std::string>({
        {patched(good, head, std::string("\xff\xff\xff\xff\0\x02\0\0\x01\0\0\0", 12) + "Bulkhead"),
         "malformed note"},
        {patched(good, head, std::string("\x09\0\0\0\xff\xff\xff\xff\x01\0\0\0", 12) + "Bulkhead"),
         "malformed note"},
        {patched(good, head, std::string("\x09\0\0\0\0\x02\0\0\x07\0\0\0", 12) + "Bulkhead"),
         "has no note"},
        {patched(good, head, std::string("\x09\0\0\0\0\x02\0\0\x01\0\0\0", 12) + "Sulkhead"),
         "has no note"},
        {with_note_segment(good, &Elf64_Phdr::p_offset, ~Elf64_Off{0}), "is truncated"},
        {with_note_segment(good, &Elf64_Phdr::p_filesz, ~Elf64_Xword{0}), "is truncated"},
        {with_note_segment(good, &Elf64_Phdr::p_filesz, Elf64_Xword{5}), "malformed note"},
        {with_note_segment(good, &Elf64_Phdr::p_type, Elf64_Word{PT_NULL}), "has no note"},
    }));

    CHECK_THAT(refusal(image), Catch::Contains(sentence));
}

TEST_CASE("a note whose lines are not those of a manifest is refused") {
    const auto good = test::fixture("good");
    const auto [from, to, sentence] = GENERATE(table<std::string, std::string, std::string>({
        {"name=good", "nome=good", "no 'name'"},
        {"name=good", "name=Good", "a name that is not lower-case letters"},
        {"name=good", "name=../x", "a name that is not lower-case letters"},
        {"name=good\n", "name:good\n", "a line that is no key=value"},
        {"sdk_major=1", "sdk_major=x", "'sdk_major' must be an integer"},
        {"sdk_minor=1", "sdk_major=0", "'sdk_major' twice"},
        {"cxx_abi=1", "cxx_abj=1", "no 'cxx_abi'"},
    }));

    CHECK_THAT(refusal(patched(good, from, to)), Catch::Contains(sentence));
}

TEST_CASE("keys of a later version are left to that version") {
    CHECK(read_manifest(patched(test::fixture("guest"), "needs=good", "wants=good")));
}

TEST_CASE("no byte of a damaged header reads beyond the image") {
    const auto good = test::fixture("good");

    std::size_t judged = 0;
    for (std::size_t at = 0; at < 1'024; ++at)
        for (const char value : {'\0', '\x7f', '\xff'}) {
            auto image = good;
            image[at] = value;
            judged += refusal(image).empty() ? 0 : 1;
        }

    CHECK(judged == 3 * 1'024);  // AddressSanitizer is the judge of each.
}

TEST_CASE("what is no readable file is refused by name") {
    const test::TemporaryFolder folder;
    ::mkfifo((folder.path() / "pipe.so").c_str(), 0600);
    std::filesystem::create_directory(folder.path() / "folder.so");
    const auto [name, reason] = GENERATE(table<std::string, std::string>({
        {"absent.so", "cannot be read (No such file or directory)"},
        {"pipe.so", "is not a regular file"},
        {"folder.so", "is not a regular file"},
    }));

    const auto file = module::read_module_file(folder.path() / name);

    REQUIRE_FALSE(file);
    CHECK_THAT(file.error().message, Catch::Contains(name + " " + reason));
}

TEST_CASE("a file is read together with its checksum") {
    const test::TemporaryFolder folder;
    const auto path = test::write(folder, "good.so", test::fixture("good"));

    const auto file = module::read_module_file(path);

    REQUIRE(file);
    CHECK(file->bytes == test::fixture("good"));
    CHECK(file->sha256.size() == 64);
    CHECK(file->sha256.find_first_not_of("0123456789abcdef") == std::string::npos);
}
