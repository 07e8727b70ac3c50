#pragma once

#include "service.hpp"

namespace users {

void routes(Routes<Service>& on);

}  // namespace users
