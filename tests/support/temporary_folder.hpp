#pragma once

#include <bulkhead/test/temporary_folder.hpp>
