#pragma once

#include <unistd.h>

#include <utility>

namespace bulkhead::value {

/// An open file of the kernel's, closed with its owner.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        const Descriptor closed(std::exchange(number_, std::exchange(other.number_, -1)));
        return *this;
    }
    ~Descriptor() {
        if (number_ >= 0)
            ::close(number_);
    }

    int number() const { return number_; }  ///< below 0: none
    explicit operator bool() const { return number_ >= 0; }

private:
    int number_ = -1;
};

}  // namespace bulkhead::value
