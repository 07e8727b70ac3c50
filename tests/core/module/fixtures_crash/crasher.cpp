// A module that crashes when it is asked to, in each of the ways that there are.
#include <bulkhead/json.hpp>
#include <bulkhead/module.hpp>

#include <atomic>
#include <cstdlib>
#include <stdexcept>

// A sanitizer would see it coming.
#define UNCHECKED __attribute__((noinline, no_sanitize("address", "thread", "undefined")))

namespace crasher {

struct Ways {
    bulkhead::db::Database& database;
    bulkhead::Events& events;
    std::atomic<bool> sick = false;
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

struct Fallen {
    static constexpr std::string_view topic = "crasher.fallen";
    int depth = 0;
    static auto fields() { return bulkhead::shape(bulkhead::field("depth", &Fallen::depth)); }
};

Answer fall_later(Ways& ways) {
    return ways.database.transaction([&](bulkhead::db::Session& sql) -> Answer {
        ways.events.publish(sql, Fallen{});
        return Survived{};
    });
}

Answer fall_sick(Ways& ways) {
    ways.sick = true;
    return Survived{};
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
    on.get("/crash/event", fall_later).open().summary("Use up a subscriber's stack");
    on.get("/crash/health", fall_sick).open().summary("Use up the next health check's stack");
    on.get("/crash/core", misuse_the_core).open().summary("Make the core crash");
}

class CrasherModule final : public bulkhead::Module {
public:
    explicit CrasherModule(bulkhead::Core& core)
        : ways_{core.database(), core.events()},
          on_fallen_(
              core.events().on<Fallen>("crasher.fall", [this](const Fallen&) { descend(ways_); })) {
        core.serve(routes, ways_);
        core.health([this]() -> bulkhead::Result<> {
            if (ways_.sick)
                descend(ways_);
            return bulkhead::Done{};
        });
    }

private:
    Ways ways_;
    bulkhead::Subscription on_fallen_;
};

}  // namespace crasher

BULKHEAD_MODULE(.name = "crasher", .version = "1.4.2",
                .start = bulkhead::start<crasher::CrasherModule>)
