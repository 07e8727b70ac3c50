#include "http/loop_reactor.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>

namespace bulkhead::http {

namespace {

using Descriptor = boost::asio::posix::basic_stream_descriptor<Loop::Context::executor_type>;

/// Outlives its Watch while a wait is still to be told of its end.
struct Watched : std::enable_shared_from_this<Watched> {
    Watched(Loop::Context& context, int number, std::function<void()> call)
        : descriptor(context, number), ready(std::move(call)) {}

    void wait(Descriptor::wait_type what, bool Watched::* waiting) {
        if (std::exchange(this->*waiting, true))
            return;
        descriptor.async_wait(what, [self = shared_from_this(), waiting](const auto& error) {
            (*self).*waiting = false;
            if (!error && self->descriptor.is_open())
                self->ready();
        });
    }

    Descriptor descriptor;
    std::function<void()> ready;
    bool reading = false;
    bool writing = false;
};

class LoopWatch final : public value::Watch {
public:
    explicit LoopWatch(std::shared_ptr<Watched> watched) : watched_(std::move(watched)) {}
    // Whoever has the descriptor closes it.
    ~LoopWatch() override { (void)watched_->descriptor.release(); }

    void await_readable() override { watched_->wait(Descriptor::wait_read, &Watched::reading); }
    void await_writable() override { watched_->wait(Descriptor::wait_write, &Watched::writing); }

private:
    std::shared_ptr<Watched> watched_;
};

}  // namespace

std::unique_ptr<value::Watch> LoopReactor::watch(int descriptor, std::function<void()> ready) {
    return std::make_unique<LoopWatch>(
        std::make_shared<Watched>(loop_.context(), descriptor, std::move(ready)));
}

}  // namespace bulkhead::http
