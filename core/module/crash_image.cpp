#include "module/crash_image.hpp"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include <atomic>
#include <bit>
#include <cstring>

namespace bulkhead::module {

namespace {

// Only ever grows, so that whoever reads it needs no lock. Code is never unmapped either.
struct Noted {
    ImageOwner owner;
    const Noted* next;
};
std::atomic<const Noted*> newest{nullptr};
std::atomic<const std::string*> program{nullptr};

const ImageOwner* owner_of(std::string_view path) {
    for (const auto* noted = newest.load(std::memory_order_acquire); noted != nullptr;
         noted = noted->next)
        if (noted->owner.path == path)
            return &noted->owner;
    return nullptr;
}

std::size_t padded(std::size_t bytes) {
    return (bytes + 3) / 4 * 4;
}

// Within one PT_NOTE segment.
std::span<const unsigned char> build_id_in(std::span<const unsigned char> notes) {
    ElfW(Nhdr) note{};
    while (notes.size() >= sizeof note) {
        std::memcpy(&note, notes.data(), sizeof note);
        const auto start = sizeof note + padded(note.n_namesz);
        if (note.n_namesz > notes.size() || start + padded(note.n_descsz) > notes.size())
            return {};
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof ELF_NOTE_GNU &&
            std::memcmp(notes.data() + sizeof note, ELF_NOTE_GNU, sizeof ELF_NOTE_GNU) == 0)
            return notes.subspan(start, note.n_descsz);
        notes = notes.subspan(start + padded(note.n_descsz));
    }
    return {};
}

// The ELF header is mapped together with the first segment.
std::span<const unsigned char> build_id_of(const void* map_start, std::uintptr_t base) {
    const auto* const header = static_cast<const ElfW(Ehdr)*>(map_start);
    if (std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
        return {};
    const auto* const segments = reinterpret_cast<const ElfW(Phdr)*>(
        static_cast<const unsigned char*>(map_start) + header->e_phoff);
    for (const auto& segment : std::span(segments, header->e_phnum)) {
        if (segment.p_type != PT_NOTE)
            continue;
        const auto* const start = std::bit_cast<const unsigned char*>(base + segment.p_vaddr);
        if (const auto id = build_id_in({start, segment.p_memsz}); !id.empty())
            return id;
    }
    return {};
}

std::string_view path_of(const link_map& map) {
    const std::string_view given(map.l_name);
    const auto* const self = program.load(std::memory_order_acquire);
    return given.empty() && self != nullptr ? std::string_view(*self) : given;
}

}  // namespace

CrashImage image_of(std::uintptr_t address) {
    dl_find_object found{};
    if (::_dl_find_object(std::bit_cast<void*>(address), &found) != 0)
        return {};
    const auto path = path_of(*found.dlfo_link_map);
    const auto base = static_cast<std::uintptr_t>(found.dlfo_link_map->l_addr);
    return {path, base, build_id_of(found.dlfo_map_start, base), owner_of(path)};
}

void note_program(const std::string& path) {
    program.store(new std::string(path), std::memory_order_release);
}

void note_image(ImageOwner owner) {
    auto* const noted = new Noted{std::move(owner), newest.load(std::memory_order_acquire)};
    while (!newest.compare_exchange_weak(noted->next, noted, std::memory_order_acq_rel)) {
    }
}

}  // namespace bulkhead::module
