#include "http/input.hpp"

#include <algorithm>
#include <cstring>

namespace bulkhead::http {

Input::Input() : bytes_(std::make_unique_for_overwrite<char[]>(usual_bytes)) {}

void Input::cut(std::size_t offset, std::size_t bytes) {
    char* const from = bytes_.get() + begin_ + offset;
    std::memmove(from, from + bytes, unread().size() - offset - bytes);
    end_ -= bytes;
}

void Input::make_room(std::size_t bytes) {
    const auto held = end_ - begin_;
    if (capacity_ - held < bytes)
        return move_to(std::max(2 * capacity_, held + bytes));
    if (capacity_ - end_ >= bytes)
        return;
    std::memmove(bytes_.get(), bytes_.get() + begin_, held);
    begin_ = 0;
    end_ = held;
}

void Input::shrink() {
    if (begin_ != end_)
        return;
    begin_ = end_ = 0;
    if (capacity_ > 4 * usual_bytes)
        move_to(usual_bytes);
}

void Input::move_to(std::size_t capacity) {
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    const auto held = unread();
    std::memcpy(larger.get(), held.data(), held.size());
    end_ = held.size();
    begin_ = 0;
    capacity_ = capacity;
    bytes_ = std::move(larger);
}

}  // namespace bulkhead::http
