#pragma once

#include <string_view>

namespace offenders {

/// What the module `shelf` offers.
class Books {
public:
    static constexpr std::string_view contract = "shelf.books/1";
    virtual ~Books() = default;
    virtual int count() const = 0;
};

}  // namespace offenders
