#pragma once
// The whole contract between the core and a module: one class, one macro.
//
//     class OrdersModule final : public bulkhead::Module {
//     public:
//         explicit OrdersModule(bulkhead::Core& core);   // wires and starts
//         ~OrdersModule() override;                      // stops
//     };
//     BULKHEAD_MODULE(.name = "orders", .version = "1.0.0", .needs = {"users"},
//                     .start = bulkhead::start<OrdersModule>)
//
// The manifest becomes an ELF note, which the core reads before any of the module's code can run.

#include <bulkhead/core.hpp>
#include <bulkhead/deadline.hpp>
#include <bulkhead/manifest.hpp>
#include <bulkhead/query.hpp>

namespace bulkhead {

/// What is constructed when the module starts and destroyed when it stops, in reverse order of
/// start. A constructor that throws, or wrong settings in plugins.toml, leave the module out with
/// those that need it; the reason is in `bulkhead modules`.
class Module {
public:
    virtual ~Module();

protected:
    Module() = default;
    Module(const Module&) = delete;
    Module& operator=(const Module&) = delete;
};

template <class M>
Module* start(Core& core) {
    return new M(core);
}

/// The files of the module's migrations/ folder, embedded by bulkhead_module().
std::span<const Migration> module_migrations();

}  // namespace bulkhead

// The one symbol that a module exports, and the note. `aligned(4)` keeps readelf able to read the
// note, `used` keeps it from vanishing.
#define BULKHEAD_MODULE(...)                                                         \
    static constexpr ::bulkhead::Manifest bulkhead_manifest{__VA_ARGS__};            \
    __attribute__((section(".note.bulkhead"), used,                                  \
                   aligned(4))) static constinit const auto bulkhead_note =          \
        ::bulkhead::manifest_note(bulkhead_manifest);                                \
    extern "C" __attribute__((visibility("default"))) const ::bulkhead::ModuleEntry* \
    bulkhead_module_entry() {                                                        \
        static const ::bulkhead::ModuleEntry entry{bulkhead_manifest.start,          \
                                                   ::bulkhead::module_migrations()}; \
        return &entry;                                                               \
    }
