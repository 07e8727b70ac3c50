#include "log/lines.hpp"

#include "log/line_ring.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <mutex>
#include <span>

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

bool wait_until_writable(int to) {
    pollfd output{to, POLLOUT, 0};
    const int ready = ::poll(&output, 1, blocked_ms);
    return ready > 0 || (ready < 0 && errno == EINTR);
}

void pass_over(std::span<iovec> parts, std::size_t bytes) {
    for (auto& part : parts) {
        const auto here = std::min(bytes, part.iov_len);
        part = {static_cast<char*>(part.iov_base) + here, part.iov_len - here};
        bytes -= here;
    }
}

void write_parts(std::array<iovec, 2> parts) {
    const int to = descriptor;
    while (parts[0].iov_len + parts[1].iov_len > 0) {
        const auto count = ::writev(to, parts.data(), parts.size());
        if (count >= 0)
            pass_over(parts, static_cast<std::size_t>(count));
        else if (errno == EAGAIN ? !wait_until_writable(to) : errno != EINTR)
            return;  // Nobody reads: there is no other place where this could be told.
    }
}

void write_out(LineRing& ring) {
    const auto parts = ring.waiting();
    write_parts(parts);
    ring.drop(parts[0].iov_len + parts[1].iov_len);
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
    char line_break = '\n';
    write_parts({{{const_cast<char*>(line.data()), line.size()}, {&line_break, 1}}});
}

}  // namespace

void add_line(std::string_view line) {
    auto& ring = own_ring();
    if (!ring.add(line))
        add_long(ring, line);
    if (ring.waiting_bytes() >= write_bytes) {
        const std::lock_guard lock(writing);
        write_out(ring);
    }
    if (ends)
        give_back();
}

void write_lines() {
    const std::lock_guard lock(writing);
    write_all();
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
