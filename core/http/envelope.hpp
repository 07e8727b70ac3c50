#pragma once

#include <bulkhead/routes.hpp>

namespace bulkhead::http {

// A success, in the order of its text: what lies between the first two is the data.
void begin_success(const Route& route, Reply& reply);
void end_data(const Request& request, Reply& reply);
void put_list_meta(std::int32_t limit, std::string_view next_cursor,
                   std::optional<std::int64_t> total, Reply& reply);
void end_success(Reply& reply);

}  // namespace bulkhead::http
