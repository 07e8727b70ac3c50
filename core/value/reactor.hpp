#pragma once
// An I/O thread, as whoever has descriptors of its own sees it.

#include <functional>
#include <memory>

namespace bulkhead::value {

/// One descriptor that is watched; ends before the descriptor is closed. Each call asks for one
/// call of `ready`, unless one is still to come.
class Watch {
public:
    virtual ~Watch() = default;
    virtual void await_readable() = 0;
    virtual void await_writable() = 0;
};

/// Of its own thread, but for post().
class Reactor {
public:
    virtual ~Reactor() = default;

    /// `ready` is called on this thread, never from within, and never once the Watch has ended.
    virtual std::unique_ptr<Watch> watch(int descriptor, std::function<void()> ready) = 0;
    /// Any thread: runs `work` on this one, after what is ready there already. False once it has
    /// ended: then it never runs.
    virtual bool post(std::function<void()> work) = 0;
};

}  // namespace bulkhead::value
