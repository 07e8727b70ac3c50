#include "module/crash_names.hpp"

#include "value/demangled.hpp"
#include "value/hex.hpp"

#include <elfutils/libdwfl.h>

#include <map>
#include <memory>
#include <span>

namespace bulkhead::module {

namespace {

// By build id only: the standard search may ask a server on the network.
constexpr Dwfl_Callbacks callbacks{.find_elf = dwfl_build_id_find_elf,
                                   .find_debuginfo = dwfl_build_id_find_debuginfo,
                                   .section_address = dwfl_offline_section_address,
                                   .debuginfo_path = nullptr};

std::string hex_of(std::span<const unsigned char> bytes) {
    std::string text;
    for (const auto byte : bytes)
        text += value::hex_digits[byte / 16U], text += value::hex_digits[byte % 16U];
    return text;
}

/// The symbols of one file, its addresses as they stand in it.
class Symbols {
public:
    explicit Symbols(const std::string& path) : library_(dwfl_begin(&callbacks), dwfl_end) {
        dwfl_report_begin(library_.get());
        module_ = dwfl_report_elf(library_.get(), "image", path.c_str(), -1, 0, true);
        dwfl_report_end(library_.get(), nullptr, nullptr);
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
            dwfl_module_addrinfo(module_, offset, &into, &symbol, nullptr, nullptr, nullptr);
        if (name == nullptr)
            return {};
        return plain_name(value::demangled(name));
    }

    std::string source_at(std::uint64_t offset) const {
        int number = 0;
        auto* const line = dwfl_module_getsrc(module_, offset);
        const char* file = line == nullptr
                               ? nullptr
                               : dwfl_lineinfo(line, nullptr, &number, nullptr, nullptr, nullptr);
        return file == nullptr
                   ? std::string()
                   : std::filesystem::path(file).filename().string() + ":" + std::to_string(number);
    }

private:
    // The build id is known once the file has been opened.
    int ready(const unsigned char*& bits, GElf_Addr& address) const {
        GElf_Addr bias = 0;
        if (dwfl_module_getelf(module_, &bias) == nullptr)
            return -1;
        return dwfl_module_build_id(module_, &bits, &address);
    }

    std::unique_ptr<Dwfl, decltype(&dwfl_end)> library_;
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
    std::map<std::string, Symbols> by_path;
    for (auto& frame : report.frames) {
        if (frame.owner.empty())
            continue;
        const auto& symbols = by_path.try_emplace(frame.path, frame.path).first->second;
        if (!symbols.is(frame.build_id))
            continue;
        frame.function = symbols.function_at(frame.offset);
        frame.source = symbols.source_at(frame.offset);
    }
}

}  // namespace bulkhead::module
