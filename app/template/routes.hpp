#pragma once

#include "service.hpp"

namespace sample {

void routes(Routes<Service>& on);

}  // namespace sample
