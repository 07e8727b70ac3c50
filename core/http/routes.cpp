#include <bulkhead/routes.hpp>

#include "http/location.hpp"
#include "http/route_more.hpp"

namespace bulkhead {

std::string_view to_text(Method method) {
    static constexpr std::array<std::string_view, 5> texts{"GET", "POST", "PUT", "PATCH", "DELETE"};
    return texts[static_cast<std::size_t>(method)];
}

RouteOptions& RouteOptions::location(std::string pattern) {
    route_.location = http::location_pattern(route_, std::move(pattern));
    return *this;
}

RouteOptions& RouteOptions::uncompressed() {
    http::more_for(route_).uncompressed = true;
    return *this;
}

}  // namespace bulkhead
