#pragma once
// A Loop as a Reactor. Private to core/http: it shows Asio.

#include "http/loop.hpp"
#include "value/reactor.hpp"

namespace bulkhead::http {

class LoopReactor final : public value::Reactor {
public:
    explicit LoopReactor(Loop& loop) : loop_(loop) {}

    std::unique_ptr<value::Watch> watch(int descriptor, std::function<void()> ready) override;
    bool post(std::function<void()> work) override { return loop_.post(std::move(work)); }

private:
    Loop& loop_;
};

}  // namespace bulkhead::http
