#pragma once

#include <cstddef>

namespace bulkhead::module {

/// Gives back to the kernel what the allocator keeps of this process's memory after a burst.
class UnusedMemory {
public:
    /// What is resident now is taken for what is needed at rest.
    UnusedMemory();

    /// To be called every few seconds. Next to nothing while not much more is resident than at
    /// rest; else it may take milliseconds, so no thread of connections should call it.
    void look();

private:
    std::size_t at_rest_bytes_;
    std::size_t kept_bytes_ = 0;  ///< that the last look could not give back
};

}  // namespace bulkhead::module
