#pragma once

#include <elfutils/libdwfl.h>

namespace bulkhead::module {

/// What names a frame, of libdw (elfutils). Loaded when it is first asked for: it brings three more
/// libraries along, which every start would pay for and only a crash needs.
struct DwarfLibrary {
    decltype(&::dwfl_begin) begin;
    decltype(&::dwfl_end) end;
    decltype(&::dwfl_report_begin) report_begin;
    decltype(&::dwfl_report_elf) report_elf;
    decltype(&::dwfl_report_end) report_end;
    decltype(&::dwfl_module_getelf) module_getelf;
    decltype(&::dwfl_module_build_id) module_build_id;
    decltype(&::dwfl_module_addrinfo) module_addrinfo;
    decltype(&::dwfl_module_getsrc) module_getsrc;
    decltype(&::dwfl_lineinfo) lineinfo;
    /// Finds files by build id only: the standard search may ask a server on the network.
    Dwfl_Callbacks callbacks;
};

/// Null where libdw1 is not installed: then frames have an offset and no name.
const DwarfLibrary* dwarf_library();

}  // namespace bulkhead::module
