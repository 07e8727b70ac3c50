#include "value/plain_text.hpp"

#include <bulkhead/json.hpp>

namespace bulkhead::value {

std::string plain_text_of(const Type& type, const void* value) {
    if (type.kind == Kind::text)
        return *static_cast<const std::string*>(value);
    std::string text;
    if (type.kind == Kind::atom)
        type.print(value, text);
    else
        json::write(text, type, value);
    return text;
}

}  // namespace bulkhead::value
