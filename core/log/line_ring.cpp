#include "log/line_ring.hpp"

#include <algorithm>

namespace bulkhead::log {

bool LineRing::add(std::string_view line) {
    const auto end = end_.load(std::memory_order_relaxed);
    if (capacity - (end - begin_.load(std::memory_order_acquire)) <= line.size())
        return false;
    put(end, line);
    *at(end + line.size()) = '\n';
    end_.store(end + line.size() + 1, std::memory_order_release);
    return true;
}

void LineRing::put(std::size_t place, std::string_view text) {
    const auto before_end = std::min(text.size(), capacity - place % capacity);
    text.copy(at(place), before_end);
    text.substr(before_end).copy(at(0), text.size() - before_end);
}

std::array<iovec, 2> LineRing::waiting() const {
    const auto begin = begin_.load(std::memory_order_relaxed);
    const auto bytes = end_.load(std::memory_order_acquire) - begin;
    const auto before_end = std::min(bytes, capacity - begin % capacity);
    return {{{at(begin), before_end}, {at(0), bytes - before_end}}};
}

}  // namespace bulkhead::log
