#pragma once
// TestApp with what stands behind it, for tests that look into the core.

#include "module/generation.hpp"

#include <bulkhead/test/test_app.hpp>
