#include "value/demangled.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>

namespace bulkhead::value {

std::string demangled(const std::string& name) {
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> plain(
        abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), std::free);
    return plain ? plain.get() : name;
}

}  // namespace bulkhead::value
