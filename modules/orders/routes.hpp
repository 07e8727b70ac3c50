#pragma once

#include "service.hpp"

namespace orders {

void routes(Routes<Service>& on);

}  // namespace orders
