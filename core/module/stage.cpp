#include "module/stage.hpp"

#include "value/enum_name.hpp"

namespace bulkhead::module {

std::string place_of(const Stage& stage) {
    const std::string step(value::name_of(stage.step));
    return stage.module.empty() ? step : stage.module + ": " + step;
}

}  // namespace bulkhead::module
