#include "http/file_range.hpp"

#include <algorithm>
#include <cerrno>

namespace bulkhead::http {

bool FileRange::read(std::string& out, std::size_t most) {
    const auto before = out.size();
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(most, length_));
    out.resize(before + wanted);
    ssize_t taken = 0;
    do
        taken = ::pread(file_.number(), out.data() + before, wanted, static_cast<off_t>(next_));
    while (taken < 0 && errno == EINTR);
    const auto bytes = static_cast<std::size_t>(std::max<ssize_t>(taken, 0));
    out.resize(before + bytes);
    next_ += bytes;
    length_ -= bytes;
    return bytes > 0 || wanted == 0;
}

}  // namespace bulkhead::http
