#include "module/linkage.hpp"

#include "module/image.hpp"

#include <elf.h>

#include <algorithm>
#include <charconv>

namespace bulkhead::module {

namespace {

constexpr std::size_t least_text_bytes = 4;
constexpr std::size_t max_name_bytes = 4096;

// One section with its bytes and those of the section that it links to.
struct Section {
    Elf64_Shdr header;
    std::string_view bytes;
};

class Sections {
public:
    explicit Sections(std::string_view image) : image_(image) {
        const auto head = read_at<Elf64_Ehdr>(image, 0);
        for (std::uint64_t index = 0; head && index < head->e_shnum; ++index)
            if (const auto header =
                    read_at<Elf64_Shdr>(image, head->e_shoff + index * sizeof(Elf64_Shdr)))
                all_.push_back({*header, bytes_of(*header)});
    }

    const std::vector<Section>& all() const { return all_; }
    std::string_view linked_to(const Section& section) const {
        const auto index = section.header.sh_link;
        return index < all_.size() ? all_[index].bytes : std::string_view{};
    }

private:
    std::string_view bytes_of(const Elf64_Shdr& header) const {
        if (header.sh_type == SHT_NOBITS)
            return {};
        return slice(image_, header.sh_offset, header.sh_size).value_or(std::string_view{});
    }

    std::string_view image_;
    std::vector<Section> all_;
};

std::string name_at(std::string_view names, std::uint64_t offset) {
    const auto rest = names.substr(std::min<std::uint64_t>(offset, names.size()));
    return std::string(rest.substr(0, std::min(rest.find('\0'), max_name_bytes)));
}

template <class Entry, class Take>
void each(std::string_view bytes, const Take& take) {
    for (std::uint64_t at = 0; const auto entry = read_at<Entry>(bytes, at); at += sizeof(Entry))
        take(*entry);
}

void add_libraries(const Section& section, std::string_view names, Linkage& linkage) {
    each<Elf64_Dyn>(section.bytes, [&](const Elf64_Dyn& entry) {
        if (entry.d_tag == DT_NEEDED)
            linkage.libraries.push_back(name_at(names, entry.d_un.d_val));
    });
}

void add_symbols(const Section& section, std::string_view names, Linkage& linkage) {
    each<Elf64_Sym>(section.bytes, [&](const Elf64_Sym& symbol) {
        const bool local = ELF64_ST_BIND(symbol.st_info) == STB_LOCAL;
        if (local || symbol.st_name == 0)
            return;
        const bool elsewhere = symbol.st_shndx == SHN_UNDEF;
        (elsewhere ? linkage.wanted : linkage.exported).push_back(name_at(names, symbol.st_name));
    });
}

bool is_printable(char c) {
    return (c >= ' ' && c != '\x7f') || c == '\n' || c == '\t' || c == '\r' ||
           static_cast<unsigned char>(c) >= 0x80;
}

// A number may lie directly before a text: whatever is no letter there is left out.
std::string_view without_numbers(std::string_view text) {
    const auto starts = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '/';
    };
    return text.substr(static_cast<std::size_t>(std::ranges::find_if(text, starts) - text.begin()));
}

void add_texts(std::string_view bytes, Linkage& linkage) {
    std::size_t from = 0;
    for (std::size_t at = 0; at <= bytes.size(); ++at) {
        if (at < bytes.size() && is_printable(bytes[at]))
            continue;
        const auto text = without_numbers(bytes.substr(from, at - from));
        const bool ended = at < bytes.size() && bytes[at] == '\0';
        if (ended && text.size() >= least_text_bytes)
            linkage.texts.emplace_back(text);
        from = at + 1;
    }
}

bool is_read_only_data(const Elf64_Shdr& header) {
    constexpr std::uint64_t kinds = SHF_ALLOC | SHF_WRITE | SHF_EXECINSTR;
    return header.sh_type == SHT_PROGBITS && (header.sh_flags & kinds) == SHF_ALLOC;
}

// `_ZNK8bulkhead2db...`, `_ZTVN8bulkhead...`: what stands before the first name.
std::string_view nested_name(std::string_view symbol) {
    for (const std::string_view prefix : {"_ZN", "_ZTVN", "_ZTIN", "_ZTSN", "_ZTTN", "_ZGVN"})
        if (symbol.starts_with(prefix))
            return symbol.substr(
                std::min(symbol.find_first_not_of("rVKRO", prefix.size()), symbol.size()));
    return {};
}

}  // namespace

Result<Linkage> read_linkage(std::string_view image) {
    const Sections sections(image);
    Linkage linkage;
    for (const auto& section : sections.all()) {
        if (section.header.sh_type == SHT_DYNAMIC)
            add_libraries(section, sections.linked_to(section), linkage);
        else if (section.header.sh_type == SHT_DYNSYM)
            add_symbols(section, sections.linked_to(section), linkage);
        else if (is_read_only_data(section.header))
            add_texts(section.bytes, linkage);
    }
    if (linkage.wanted.empty() && linkage.exported.empty())
        return Error::invalid("module.refused",
                              "has no table of its symbols; build it with bulkhead_module() and "
                              "leave its sections in");
    return linkage;
}

// Itanium C++ ABI, 5.1.2: names within names are written with their length before them.
std::vector<std::string_view> scopes_of(std::string_view symbol) {
    std::vector<std::string_view> scopes;
    auto rest = nested_name(symbol);
    std::size_t length = 0;
    for (;;) {
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), length);
        const auto digits = static_cast<std::size_t>(end - rest.data());
        if (error != std::errc{} || rest.size() - digits < length)
            return scopes;
        scopes.push_back(rest.substr(digits, length));
        rest.remove_prefix(digits + length);
    }
}

}  // namespace bulkhead::module
