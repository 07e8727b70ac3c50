// Files that must not be loaded, beside a module that must go on. None of their code may run: the
// fixture `good`, from which they are made, would leave a canary.

#include "core/module/site.hpp"
#include "module/gate.hpp"
#include "module/inventory.hpp"
#include "support/scale.hpp"

#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#include <elf.h>
#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdlib>
#include <random>

using namespace bulkhead;
using module::State;
using test::get;
using test::patched;
using test::Site;
using test::status_of;

namespace {

using Folder = std::filesystem::path;

// Dies as soon as the code of a file runs.
class Canary {
public:
    explicit Canary(const Site& site) : file_(site.folder() / "canary") {
        ::setenv("BULKHEAD_CANARY", file_.c_str(), 1);
    }
    ~Canary() { ::unsetenv("BULKHEAD_CANARY"); }
    Canary(const Canary&) = delete;
    Canary& operator=(const Canary&) = delete;
    bool is_alive() const { return !std::filesystem::exists(file_); }

private:
    std::filesystem::path file_;
};

// `good` under the name that the others of this file have.
std::string named() {
    return test::renamed(test::fixture("good"), "hostile");
}

template <class T>
std::string with(std::string bytes, std::size_t offset, T value) {
    return bytes.replace(offset, sizeof value, reinterpret_cast<const char*>(&value), sizeof value);
}

// A line of the note in another form: what follows `key` up to the end of its line.
std::string noted(const std::string& key, const std::string& line) {
    const auto bytes = named();
    auto text = test::note_text(bytes);
    const auto at = text.find(key + "=");
    return test::with_note_text(bytes, text.replace(at, text.find('\n', at) - at, line));
}

std::size_t note_at(const std::string& bytes) {
    return test::note_text_at(bytes) - offsetof(ManifestNote, descriptor);
}

// Bytes as hostile.so. The companion's name is `calm`.
struct Hostile {
    std::string name;
    std::string bytes;
    State state;
    std::string sentence;  ///< the part of the reason that names what was found and expected
    std::string remedy;
};

std::vector<Hostile> refused_by_identity() {
    const auto good = named();
    const auto cut = [&](std::size_t size) { return good.substr(0, size); };
    const std::string elf_remedy = "build it with bulkhead_module()";
    return {
        {"empty", "", State::refused, "hostile.so is no ELF file", elf_remedy},
        {"a text", "#!/bin/sh\nrm -rf /\n", State::refused, "is no ELF file", elf_remedy},
        {"cut in its header", cut(20), State::refused, "is truncated: its ELF header", "copy it"},
        {"cut in its segments", cut(5'000), State::refused, "is truncated", "copy it again"},
        {"cut by half", cut(good.size() / 2), State::refused, "is truncated", "copy it again"},
        {"cut by one byte", cut(good.size() - 1), State::refused, "is truncated", "copy it again"},
        {"32 bits", with(good, EI_CLASS, char{ELFCLASS32}), State::refused,
         "is no 64-bit little-endian ELF file", "build it for "},
        {"big endian", with(good, EI_DATA, char{ELFDATA2MSB}), State::refused,
         "is no 64-bit little-endian ELF file", "build it for "},
        {"another machine", with(good, offsetof(Elf64_Ehdr, e_machine), Elf64_Half{EM_ARM}),
         State::refused, "is for another machine (ELF machine 40, expected ", "build it for "},
        {"an executable", with(good, offsetof(Elf64_Ehdr, e_type), Elf64_Half{ET_EXEC}),
         State::refused, "is no shared object (ELF type 2, expected 3)", elf_remedy},
        {"a real program", test::bytes_of("/bin/sh"), State::refused, "has no note .note.bulkhead",
         "write BULKHEAD_MODULE(...)"},
        {"program headers elsewhere", with(good, offsetof(Elf64_Ehdr, e_phoff), ~Elf64_Off{0} - 7),
         State::refused, "is truncated: a program header", "copy it again"},
        {"program headers of no size", with(good, offsetof(Elf64_Ehdr, e_phentsize), Elf64_Half{0}),
         State::refused, "has program headers of an unknown size", "build it again"},
    };
}

std::vector<Hostile> refused_by_note() {
    const auto good = named();
    const auto at = note_at(good);
    const auto size_at = at + offsetof(ManifestNote, descriptor_size);
    const auto text = test::note_text(good);
    const std::string again = "build it again";
    return {
        {"no note", with(good, at + offsetof(ManifestNote, owner), 'b'), State::refused,
         "has no note .note.bulkhead", "write BULKHEAD_MODULE(...)"},
        {"a note of another type", with(good, at + offsetof(ManifestNote, type), 2U),
         State::refused, "has no note .note.bulkhead", "write BULKHEAD_MODULE(...)"},
        {"a huge descriptor", with(good, size_at, 0x7FFFFFFFU), State::refused,
         "has a malformed note", again},
        {"the largest descriptor", with(good, size_at, 0xFFFFFFFFU), State::refused,
         "has a malformed note", again},
        {"a huge owner", with(good, at, 0xFFFFFFFDU), State::refused, "has a malformed note",
         again},
        {"no version", noted("version", "revision=1"), State::refused, "(no 'version')", again},
        {"a version twice", test::with_note_text(good, text + "version=2.0.0\n"), State::refused,
         "('version' twice)", again},
        {"no lines at all", test::with_note_text(good, std::string(512, 'x')), State::refused,
         "(a line that is no key=value)", again},
        {"a number that is none", noted("cxx_abi", "cxx_abi=new"), State::refused, "('cxx_abi' ",
         again},
        {"a name with a slash", noted("name", "name=../hostile"), State::refused,
         "a name that is not lower-case letters, digits and underscores", again},
        {"a need with a dot", test::with_note_text(good, text + "needs=a.b\n"), State::refused,
         "a name that is not lower-case letters, digits and underscores", again},
    };
}

std::vector<Hostile> refused_by_manifest() {
    const auto good = named();
    const auto sdk = "expected '" + std::to_string(sdk_major) + "." + std::to_string(sdk_minor);
    return {
        {"another major of the SDK", noted("sdk_major", "sdk_major=2"), State::refused,
         sdk + "' or an older minor", "update the core"},
        {"an older major of the SDK", noted("sdk_major", "sdk_major=0"), State::refused, sdk,
         "build the module against this SDK"},
        {"a newer minor of the SDK", noted("sdk_minor", "sdk_minor=99"), State::refused,
         "hostile.so: sdk is '1.99', " + sdk, "update the core"},
        {"another compiler", noted("compiler", "compiler=g++-99"), State::refused,
         "hostile.so: compiler is 'g++-99', expected '" + std::string(build_compiler) + "'",
         "build the module with the core's compiler"},
        {"another C++ ABI", noted("cxx_abi", "cxx_abi=1002"), State::refused,
         "hostile.so: cxx_abi is '1002', expected '" + std::to_string(build_cxx_abi) + "'",
         "build the module with the core's compiler"},
        {"another sanitizer", noted("sanitizer", "sanitizer=memory"), State::refused,
         "hostile.so: sanitizer is 'memory', expected '" + std::string(build_sanitizer) + "'",
         "build the module with the core's preset"},
        {"another name", test::renamed(good, "friend"), State::refused,
         "hostile.so: name is 'friend', expected 'hostile'", "rename the file to friend.so"},
        {"another's name", test::renamed(good, "calm"), State::refused,
         "hostile.so: name is 'calm', which is also that of calm.so", "remove one of the two"},
        {"a missing need", test::renamed(good, "hostile", {"nobody"}), State::blocked,
         "hostile needs nobody, of which there is no file and no table", "put nobody.so"},
        {"a need of itself", test::renamed(good, "hostile", {"hostile"}), State::blocked,
         "a cycle (hostile -> hostile)", "take one of these needs out"},
    };
}

std::vector<Hostile> refused_by_linker() {
    const auto good = named();
    return {
        {"an undefined symbol", patched(good, "_ZN8bulkhead6ModuleD2Ev", "_ZN8bulkhead6ModuleD9Ev"),
         State::refused, "undefined symbol: _ZN8bulkhead6ModuleD9Ev", "build it against this core"},
        {"a missing library", patched(good, "libbulkhead.so.", "libbulkhaed.so."), State::refused,
         "libbulkhaed.so", "build it against this core"},
        {"no entry",
         patched(test::hostile("nowhere"), "bulkhead_module_entry", "bulkhead_module_exits"),
         State::refused, "bulkhead_module_entry", "build it against this core"},
    };
}

}  // namespace

TEST_CASE("a hostile file is refused by field, found, expected and remedy; its code never runs") {
    const auto hostile =
        GENERATE(from_range(refused_by_identity()), from_range(refused_by_note()),
                 from_range(refused_by_manifest()), from_range(refused_by_linker()));
    const Site site;
    const Canary canary(site);
    site.put("calm.so", test::renamed(test::hostile("nowhere"), "calm"));
    site.put("hostile.so", hostile.bytes);

    const auto generation = site.start("[module.calm]\n[module.hostile]\n");

    INFO(hostile.name);
    REQUIRE(generation);
    const auto& status = status_of(**generation, "hostile");
    CHECK(status.state == hostile.state);
    CHECK_THAT(status.reason, Catch::Contains(hostile.sentence) && Catch::Contains(hostile.remedy));
    CHECK(canary.is_alive());
    CHECK(get(**generation, "/api/v1/calm").status == 200);
}

TEST_CASE("what is no regular, readable file of a sane size is refused and holds nobody up") {
    using Put = void (*)(const std::filesystem::path&);
    const auto [put, sentence] = GENERATE(table<Put, std::string>({
        {[](const Folder& at) { std::filesystem::create_symlink("nowhere", at); },
         "cannot be read (No such file or directory)"},
        {[](const Folder& at) { std::filesystem::create_symlink("hostile.so", at); },
         "cannot be read (Too many levels of symbolic links)"},
        {[](const Folder& at) { std::filesystem::create_directory(at); }, "is not a regular file"},
        {[](const Folder& at) { ::mkfifo(at.c_str(), 0600); }, "is not a regular file"},
        {[](const Folder& at) { std::filesystem::create_symlink("/dev/zero", at); },
         "is not a regular file"},
        {[](const Folder& at) {
             std::ofstream(at) << "sparse";
             std::filesystem::resize_file(at, module::max_module_file_bytes + 1);
         },
         "is larger than 536870912 bytes"},
    }));
    const Site site;
    site.put("calm.so", test::renamed(test::hostile("nowhere"), "calm"));
    put(site.folder() / "modules/hostile.so");

    const auto generation = site.start("[module.calm]\n[module.hostile]\n");

    REQUIRE(generation);
    const auto& status = status_of(**generation, "hostile");
    CHECK(status.state == State::refused);
    CHECK_THAT(status.reason, Catch::Contains("/modules/hostile.so " + sentence) &&
                                  Catch::Contains("put a readable module there, or nothing"));
    CHECK(get(**generation, "/api/v1/calm").status == 200);
}

TEST_CASE("a file that this user may not read is refused by name") {
    constexpr uid_t nobody = 65'534;
    const Site site;
    site.put("hostile.so", named());
    const auto file =
        site.write("plugins.toml", "[modules]\ndirectory = \"modules\"\n[module.hostile]\n");
    using std::filesystem::perms;
    std::filesystem::permissions(site.folder(), perms(0755));
    std::filesystem::permissions(site.folder() / "modules/hostile.so", perms::none);
    const auto configuration = module::load_configuration(file);
    REQUIRE(configuration);

    // Root may read everything; on this thread it is nobody for a moment.
    const auto before = ::setfsuid(::geteuid() == 0 ? nobody : ::geteuid());
    const auto inventory = module::take_inventory(*configuration, {});
    ::setfsuid(static_cast<uid_t>(before));

    const auto& status = inventory.statuses.at("hostile");
    CHECK(status.state == State::refused);
    CHECK_THAT(status.reason, Catch::Contains("hostile.so cannot be read (Permission denied)"));
}

TEST_CASE("modules that need one another in a circle are all left out, the rest runs") {
    const Site site;
    const Canary canary(site);
    site.put("calm.so", test::renamed(test::hostile("nowhere"), "calm"));
    site.put("egg.so", test::renamed(named(), "egg", {"hen"}));
    site.put("hen.so", test::renamed(named(), "hen", {"egg"}));

    const auto generation = site.start("[module.calm]\n[module.egg]\n[module.hen]\n");

    REQUIRE(generation);
    CHECK(status_of(**generation, "egg").state == State::blocked);
    CHECK_THAT(status_of(**generation, "hen").reason,
               Catch::Contains("a cycle (hen -> egg -> hen)") &&
                   Catch::Contains("take one of these needs out"));
    CHECK(canary.is_alive());
    CHECK(get(**generation, "/api/v1/calm").status == 200);
}

TEST_CASE("a file is never admitted when any of it is missing") {
    constexpr std::size_t cuts = 199;
    const auto whole = named();

    std::size_t admitted = 0;
    for (std::size_t cut = 0; cut < cuts; ++cut)
        if (module::read_manifest(std::string_view(whole).substr(0, whole.size() * cut / cuts)))
            ++admitted;

    CHECK(module::read_manifest(whole));
    CHECK(admitted == 0);
}

TEST_CASE("a file that is replaced after it was judged is loaded as it was judged") {
    const Site site;
    site.put("calm.so", test::renamed(test::hostile("nowhere"), "calm"));
    const module::Start start{.on_stage = [&](const module::Stage& stage) {
        if (stage.step == module::Step::load)
            site.put("calm.so", "replaced");
    }};

    const auto generation = site.start("[module.calm]\n", start);

    REQUIRE(generation);
    CHECK(status_of(**generation, "calm").state == State::running);
    CHECK(get(**generation, "/api/v1/calm").status == 200);
}

TEST_CASE("no flipped bytes make the gate read beyond a file, or hang") {
    constexpr std::size_t most_flips = 8;
    std::mt19937 random(4);
    auto image = named();
    // Where there is something to read: the header with its segments, and the note.
    const std::size_t head = sizeof(Elf64_Ehdr) + 16 * sizeof(Elf64_Phdr);
    const auto note = note_at(image);
    const auto place = [&] {
        return random() % 2 == 0 ? random() % head : note + random() % sizeof(ManifestNote);
    };

    int judged = 0;
    for (const int rounds = at_scale(20'000, 500'000); judged < rounds; ++judged) {
        auto bytes = std::string_view(image);
        std::vector<std::pair<std::size_t, char>> before;
        for (auto flips = 1 + random() % most_flips; flips > 0; --flips) {
            const auto at = place();
            before.emplace_back(at, image[at]);
            image[at] = static_cast<char>(random());
        }
        if (const auto manifest = module::read_manifest(bytes))
            static_cast<void>(module::refusals({"hostile.so", {}, {}, *manifest}));
        for (; !before.empty(); before.pop_back())
            image[before.back().first] = before.back().second;
    }

    CHECK(judged > 0);
    CHECK(image == named());
}
