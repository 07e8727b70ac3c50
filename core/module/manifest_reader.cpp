#include "module/manifest_reader.hpp"

#include "config/file.hpp"
#include "module/image.hpp"
#include "module/note_text.hpp"
#include "value/sha256.hpp"

#include <elf.h>

namespace bulkhead::module {

namespace {

#if defined(__x86_64__)
constexpr Elf64_Half this_machine = EM_X86_64;
constexpr std::string_view this_machine_name = "x86-64";
#elif defined(__aarch64__)
constexpr Elf64_Half this_machine = EM_AARCH64;
constexpr std::string_view this_machine_name = "aarch64";
#else
#error "core/module/manifest_reader.cpp does not know this machine: add its e_machine"
#endif

constexpr char owner_with_zero[] = "Bulkhead";
constexpr std::string_view note_owner{owner_with_zero, sizeof owner_with_zero};
constexpr Elf64_Word note_type = 1;

Error refused(std::string what) {
    return Error::invalid("module.refused", std::move(what));
}

Error truncated(const std::string& what) {
    return refused("is truncated: " + what + " lies beyond its end; copy it again");
}

Result<> check_identity(std::string_view image) {
    if (!image.starts_with(std::string_view(ELFMAG, SELFMAG)))
        return refused("is no ELF file; build it with bulkhead_module()");
    if (image.size() < sizeof(Elf64_Ehdr))
        return truncated("its ELF header");
    if (image[EI_CLASS] != ELFCLASS64 || image[EI_DATA] != ELFDATA2LSB)
        return refused("is no 64-bit little-endian ELF file; build it for " +
                       std::string(this_machine_name));
    return Done{};
}

Result<Elf64_Ehdr> read_header(std::string_view image) {
    if (auto done = check_identity(image); !done)
        return std::move(done.error());
    const auto header = *read_at<Elf64_Ehdr>(image, 0);
    if (header.e_machine != this_machine)
        return refused("is for another machine (ELF machine " + std::to_string(header.e_machine) +
                       ", expected " + std::to_string(this_machine) + "); build it for " +
                       std::string(this_machine_name));
    if (header.e_type != ET_DYN)
        return refused("is no shared object (ELF type " + std::to_string(header.e_type) +
                       ", expected " + std::to_string(ET_DYN) +
                       "); build it with bulkhead_module()");
    if (header.e_phentsize != sizeof(Elf64_Phdr))
        return refused("has program headers of an unknown size; build it again");
    // Section headers stand last, so that most files cut short show it here.
    const auto sections = std::uint64_t{header.e_shnum} * header.e_shentsize;
    if (header.e_shoff != 0 && !slice(image, header.e_shoff, sections))
        return truncated("its table of sections");
    return header;
}

constexpr std::uint64_t padded(std::uint64_t size) {
    return (size + 3) & ~std::uint64_t{3};
}

// Notes whose segment is aligned to 8 are the compiler's own; ours is aligned to 4.
Result<> collect_notes(std::string_view segment, std::vector<std::string_view>& ours) {
    std::uint64_t at = 0;
    while (at < segment.size()) {
        const auto head = read_at<Elf64_Nhdr>(segment, at);
        if (!head)
            return refused("has a malformed note; build it again");
        const auto owner_at = at + sizeof(Elf64_Nhdr);
        const auto descriptor_at = owner_at + padded(head->n_namesz);
        const auto owner = slice(segment, owner_at, head->n_namesz);
        const auto descriptor = slice(segment, descriptor_at, head->n_descsz);
        if (!owner || !descriptor)
            return refused("has a malformed note; build it again");
        if (*owner == note_owner && head->n_type == note_type)
            ours.push_back(*descriptor);
        at = descriptor_at + padded(head->n_descsz);
    }
    return Done{};
}

Result<std::vector<std::string_view>> find_notes(std::string_view image, const Elf64_Ehdr& header) {
    constexpr Elf64_Xword note_alignment = 4;
    std::vector<std::string_view> ours;
    for (std::uint64_t index = 0; index < header.e_phnum; ++index) {
        const auto segment =
            read_at<Elf64_Phdr>(image, header.e_phoff + index * sizeof(Elf64_Phdr));
        if (!segment)
            return truncated("a program header");
        const auto bytes = slice(image, segment->p_offset, segment->p_filesz);
        if (!bytes)
            return truncated("a segment");
        if (segment->p_type != PT_NOTE || segment->p_align > note_alignment)
            continue;
        if (auto done = collect_notes(*bytes, ours); !done)
            return std::move(done.error());
    }
    return ours;
}

}  // namespace

Result<FileManifest> read_manifest(std::string_view image) {
    const auto header = read_header(image);
    if (!header)
        return header.error();
    const auto notes = find_notes(image, *header);
    if (!notes)
        return notes.error();
    if (notes->empty())
        return refused("has no note .note.bulkhead; write BULKHEAD_MODULE(...) in its module.cpp");
    if (notes->size() > 1)
        return refused("has more than one note .note.bulkhead; write one BULKHEAD_MODULE(...)");
    return read_note_text(notes->front());
}

Result<ModuleFile> read_module_file(const std::filesystem::path& file) {
    auto bytes = config::read_regular_file(file, max_module_file_bytes);
    if (!bytes)
        return refused(bytes.error().message + "; put a readable module there, or nothing");
    auto manifest = read_manifest(*bytes);
    if (!manifest)
        return refused(file.string() + " " + manifest.error().message);
    auto digest = value::sha256(*bytes);
    return ModuleFile{file, *std::move(bytes), std::move(digest), *std::move(manifest)};
}

}  // namespace bulkhead::module
