#include "log/lines.hpp"

#include "log/line_output.hpp"
#include "log/line_ring.hpp"

#include <algorithm>
#include <ctime>
#include <mutex>
#include <utility>

namespace bulkhead::log {

namespace {

/// One for each thread that has written, from then on. Never freed, so that a signal handler can
/// walk along them; a thread that ends leaves its own, with what waits in it, to the next one.
struct Owned {
    LineRing ring;
    std::atomic<bool> has_owner = true;
    Owned* next = nullptr;
};

std::atomic<Owned*> all{nullptr};
std::mutex writing;  ///< held by whoever takes out

std::size_t lost_lines = 0;  ///< since that was told

void write_out(LineRing& ring) {
    if (ring.waiting_bytes() > 0)
        ring.drop(put_out(descriptor, ring.waiting()));
}

void lose(LineRing& ring) {
    for (const auto& part : ring.waiting()) {
        const std::string_view text(static_cast<const char*>(part.iov_base), part.iov_len);
        lost_lines += static_cast<std::size_t>(std::ranges::count(text, '\n'));
    }
    ring.drop(ring.waiting_bytes());
}

void write_all() {
    for (auto* owned = all.load(std::memory_order_acquire); owned != nullptr; owned = owned->next)
        write_out(owned->ring);
}

Owned& take() {
    for (auto* owned = all.load(std::memory_order_acquire); owned != nullptr; owned = owned->next)
        if (!owned->has_owner.exchange(true, std::memory_order_acquire))
            return *owned;
    auto* const fresh = new Owned;
    fresh->next = all.load(std::memory_order_relaxed);
    while (!all.compare_exchange_weak(fresh->next, fresh, std::memory_order_release,
                                      std::memory_order_relaxed)) {
    }
    return *fresh;
}

/// Of this thread. Has no destructor, because those of other objects may still write lines.
[[gnu::tls_model("initial-exec")]] thread_local constinit Owned* own = nullptr;
[[gnu::tls_model("initial-exec")]] thread_local constinit bool ends = false;

void give_back() {
    own->has_owner.store(false, std::memory_order_release);
    own = nullptr;
}

struct AtThreadEnd {
    ~AtThreadEnd() {
        ends = true;
        give_back();
    }
};

LineRing& own_ring() {
    if (own == nullptr) {
        own = &take();
        if (!ends)
            thread_local const AtThreadEnd then;
    }
    return own->ring;
}

void add_long(LineRing& ring, std::string_view line) {
    const std::lock_guard lock(writing);
    write_out(ring);
    if (ring.add(line))
        return;
    lose(ring);  // What is left there nobody reads.
    if (ring.add(line))
        return;
    char line_break = '\n';
    const std::array<iovec, 2> whole{
        {{const_cast<char*>(line.data()), line.size()}, {&line_break, 1}}};
    lost_lines += put_out(descriptor, whole) <= line.size() ? 1 : 0;
}

}  // namespace

void add_line(std::string_view line) {
    auto& ring = own_ring();
    if (!ring.add(line))
        add_long(ring, line);
    if (ring.waiting_bytes() >= write_bytes) {
        const std::unique_lock lock(writing, std::try_to_lock);
        if (lock)  // Else somebody waits for the reader; there is room for as much again.
            write_out(ring);
    }
    if (ends)
        give_back();
}

void write_lines() {
    const std::lock_guard lock(writing);
    write_all();
}

std::size_t take_lost_lines() {
    const std::lock_guard lock(writing);
    return nobody_reads ? 0 : std::exchange(lost_lines, 0);
}

void forget_lines() {
    const std::lock_guard lock(writing);
    for (auto* owned = all.load(std::memory_order_acquire); owned != nullptr; owned = owned->next)
        owned->ring.drop(owned->ring.waiting_bytes());
}

void write_lines_while_crashing() noexcept {
    constexpr timespec pause{0, 1'000'000};
    for (int tries = 0; tries < 100; ++tries) {
        if (writing.try_lock()) {
            write_all();
            writing.unlock();
            return;
        }
        ::nanosleep(&pause, nullptr);
    }
}

}  // namespace bulkhead::log
