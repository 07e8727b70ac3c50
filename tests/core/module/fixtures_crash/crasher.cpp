// A module that crashes when it is asked to, in each of the ways that there are.
#include <bulkhead/json.hpp>
#include <bulkhead/module.hpp>

#include <cstdlib>
#include <stdexcept>

// A sanitizer would see it coming.
#define UNCHECKED __attribute__((noinline, no_sanitize("address", "thread", "undefined")))

namespace crasher {

struct Ways {
    int* nowhere = nullptr;
    int (*no_function)() = nullptr;
    int depth = 0;
};

struct Survived {
    int value = 0;
    static auto fields() { return bulkhead::shape(bulkhead::field("value", &Survived::value)); }
};
using Answer = bulkhead::Result<Survived>;

UNCHECKED Answer dereference_null(Ways& ways) {
    *static_cast<volatile int*>(ways.nowhere) = 1;
    return Survived{};
}

UNCHECKED Answer call_nothing(Ways& ways) {
    return Survived{ways.no_function() + 1};
}

Answer give_up(Ways&) {
    std::abort();
}

int refuse(const Ways& ways) {
    if (ways.nowhere == nullptr)
        throw std::runtime_error("no way out");
    return ways.depth;
}

int promise(const Ways& ways) noexcept {
    return refuse(ways);
}

Answer break_promise(Ways& ways) {
    return Survived{promise(ways)};
}

UNCHECKED int descend(Ways& ways) {
    volatile char room[1'024] = {};
    room[0] = static_cast<char>(++ways.depth);
    return ways.depth == 0 ? 0 : descend(ways) + room[0];
}

Answer overflow(Ways& ways) {
    return Survived{descend(ways)};
}

Answer misuse_the_core(Ways& ways) {
    std::string text;
    bulkhead::json::write_text(text, {reinterpret_cast<const char*>(ways.nowhere), 8});
    return Survived{};
}

void routes(bulkhead::Routes<Ways>& on) {
    on.get("/crash/null", dereference_null).open().summary("Write to nowhere");
    on.get("/crash/io", dereference_null).open().nonblocking().summary("On the I/O thread");
    on.get("/crash/call", call_nothing).open().summary("Call nothing");
    on.get("/crash/abort", give_up).open().summary("Abort");
    on.get("/crash/noexcept", break_promise).open().summary("Throw where none may");
    on.get("/crash/overflow", overflow).open().summary("Use up the stack");
    on.get("/crash/core", misuse_the_core).open().summary("Make the core crash");
}

class CrasherModule final : public bulkhead::Module {
public:
    explicit CrasherModule(bulkhead::Core& core) { core.serve(routes, ways_); }

private:
    Ways ways_;
};

}  // namespace crasher

BULKHEAD_MODULE(.name = "crasher", .version = "1.4.2",
                .start = bulkhead::start<crasher::CrasherModule>)
