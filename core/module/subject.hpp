#pragma once

#include <string>
#include <vector>

namespace bulkhead::module {

struct MigrationText {
    std::string name;
    std::string up;
    std::string down;
};

/// One module as far as its texts tell, be it built or sources.
struct Subject {
    std::string name;
    std::vector<std::string> needs;
    std::vector<std::string> texts;         ///< string literals, SQL and migrations among them
    std::vector<MigrationText> migrations;  ///< where they are known by name
};

}  // namespace bulkhead::module
