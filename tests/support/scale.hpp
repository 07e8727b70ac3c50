#pragma once

#include <cstdlib>

/// How much a load test does: `usual` every day, `full` under BULKHEAD_SOAK=1 (tools/soak).
inline int at_scale(int usual, int full) {
    return std::getenv("BULKHEAD_SOAK") == nullptr ? usual : full;
}
