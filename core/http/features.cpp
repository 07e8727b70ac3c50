#include "http/features.hpp"

namespace bulkhead::http {

std::optional<WrongKey> wrong_key(const Features& features) {
    for (auto& wrong :
         {wrong_key(features.forwarded), wrong_key(features.security_headers),
          wrong_key(features.cors), wrong_key(features.compression), wrong_key(features.files)})
        if (wrong)
            return wrong;
    return std::nullopt;
}

}  // namespace bulkhead::http
