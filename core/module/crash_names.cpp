#include "module/crash_names.hpp"

#include "module/dwarf_library.hpp"
#include "value/demangled.hpp"
#include "value/hex.hpp"

#include <map>
#include <memory>
#include <span>

namespace bulkhead::module {

namespace {

std::string hex_of(std::span<const unsigned char> bytes) {
    std::string text;
    for (const auto byte : bytes)
        text += value::hex_digits[byte / 16U], text += value::hex_digits[byte % 16U];
    return text;
}

/// The symbols of one file, its addresses as they stand in it.
class Symbols {
public:
    Symbols(const DwarfLibrary& dwarf, const std::string& path)
        : dwarf_(dwarf), session_(dwarf.begin(&dwarf.callbacks), dwarf.end) {
        dwarf_.report_begin(session_.get());
        module_ = dwarf_.report_elf(session_.get(), "image", path.c_str(), -1, 0, true);
        dwarf_.report_end(session_.get(), nullptr, nullptr);
    }

    bool is(const std::string& build_id) const {
        const unsigned char* bits = nullptr;
        GElf_Addr address = 0;
        const int count = module_ == nullptr ? -1 : ready(bits, address);
        return count >= 0 && hex_of({bits, static_cast<std::size_t>(count)}) == build_id;
    }

    std::string function_at(std::uint64_t offset) const {
        GElf_Off into = 0;
        GElf_Sym symbol;
        const char* name =
            dwarf_.module_addrinfo(module_, offset, &into, &symbol, nullptr, nullptr, nullptr);
        if (name == nullptr)
            return {};
        return plain_name(value::demangled(name));
    }

    std::string source_at(std::uint64_t offset) const {
        int number = 0;
        auto* const line = dwarf_.module_getsrc(module_, offset);
        const char* file = line == nullptr
                               ? nullptr
                               : dwarf_.lineinfo(line, nullptr, &number, nullptr, nullptr, nullptr);
        return file == nullptr
                   ? std::string()
                   : std::filesystem::path(file).filename().string() + ":" + std::to_string(number);
    }

private:
    // The build id is known once the file has been opened.
    int ready(const unsigned char*& bits, GElf_Addr& address) const {
        GElf_Addr bias = 0;
        if (dwarf_.module_getelf(module_, &bias) == nullptr)
            return -1;
        return dwarf_.module_build_id(module_, &bits, &address);
    }

    const DwarfLibrary& dwarf_;
    std::unique_ptr<Dwfl, decltype(DwarfLibrary::end)> session_;
    Dwfl_Module* module_ = nullptr;
};

bool opens(char letter) {
    return letter == '(' || letter == '<' || letter == '{';
}

bool closes(char letter) {
    return letter == ')' || letter == '>' || letter == '}';
}

// Where the parameters of a demangled name begin: at the first parenthesis outside of all others,
// "(anonymous namespace)" and a lambda's aside.
std::size_t end_of_name(std::string_view name) {
    int depth = 0;
    for (std::size_t at = 0; at < name.size(); ++at) {
        const bool outside = depth == 0 && name[at] == '(';
        if (outside && !name.substr(at).starts_with("(anonymous"))
            return at;
        depth += opens(name[at]) - closes(name[at]);
    }
    return name.size();
}

// A template's name begins with what it returns.
std::size_t start_of_name(std::string_view name) {
    int depth = 0;
    for (auto at = name.size(); at-- > 0;) {
        if (name[at] == ' ' && depth == 0)
            return at + 1;
        depth += closes(name[at]) - opens(name[at]);
    }
    return 0;
}

}  // namespace

std::string plain_name(const std::string& demangled) {
    if (demangled.find("operator") != std::string::npos)
        return demangled;  // Its parentheses and brackets may be its name.
    const auto name = demangled.substr(0, end_of_name(demangled));
    return name.substr(start_of_name(name));
}

void name_frames(CrashReport& report) {
    const auto* dwarf = dwarf_library();
    if (dwarf == nullptr)
        return;
    std::map<std::string, Symbols> by_path;
    for (auto& frame : report.frames) {
        if (frame.owner.empty())
            continue;
        const auto& symbols = by_path.try_emplace(frame.path, *dwarf, frame.path).first->second;
        if (!symbols.is(frame.build_id))
            continue;
        frame.function = symbols.function_at(frame.offset);
        frame.source = symbols.source_at(frame.offset);
    }
}

}  // namespace bulkhead::module
