#include "value/thread_number.hpp"

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

namespace bulkhead::value {

namespace {

/// Which numbers are taken; never destroyed, because threads may end after static objects.
struct Register {
    std::mutex mutex;
    std::vector<bool> taken;

    std::size_t take() {
        const std::lock_guard lock(mutex);
        const auto free = std::ranges::find(taken, false);
        const auto number = static_cast<std::size_t>(free - taken.begin());
        if (free == taken.end())
            taken.push_back(true);
        else
            *free = true;
        return number;
    }
    void give_back(std::size_t number) {
        const std::lock_guard lock(mutex);
        taken[number] = false;
    }
};

Register& numbers() {
    static auto* const all = new Register;
    return *all;
}

constexpr std::size_t not_asked = no_thread_number - 1;
[[gnu::tls_model("initial-exec")]] thread_local constinit std::size_t own = not_asked;

struct AtThreadEnd {
    ~AtThreadEnd() { numbers().give_back(std::exchange(own, no_thread_number)); }
};

}  // namespace

std::size_t thread_number() {
    if (own == not_asked) {
        own = numbers().take();
        thread_local const AtThreadEnd then;
    }
    return own;
}

}  // namespace bulkhead::value
