#pragma once

#include "service.hpp"

namespace auth {

void routes(Routes<Service>& on);

}  // namespace auth
