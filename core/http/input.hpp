#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace bulkhead::http {

/// The bytes that a connection has received and not used up, in one piece. Views into them stay
/// valid until make_room() or shrink(); reading into room() and used() move nothing.
class Input {
public:
    Input();

    std::string_view unread() const { return {bytes_.get() + begin_, end_ - begin_}; }
    /// Where the next bytes from the socket go; filled() says how many came.
    std::span<char> room() { return {bytes_.get() + end_, capacity_ - end_}; }
    void filled(std::size_t bytes) { end_ += bytes; }

    /// Drops the first bytes of unread().
    void used(std::size_t bytes) { begin_ += bytes; }
    /// Cuts bytes out of the middle of unread(); what lies before `offset` does not move.
    void cut(std::size_t offset, std::size_t bytes);

    /// Of memory.
    std::size_t held_bytes() const { return capacity_; }

    /// Makes room() at least this large.
    void make_room(std::size_t bytes);
    /// Gives back what one large request needed, once everything is used up.
    void shrink();

private:
    void move_to(std::size_t capacity);

    static constexpr std::size_t usual_bytes = 4'096;

    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = usual_bytes;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace bulkhead::http
