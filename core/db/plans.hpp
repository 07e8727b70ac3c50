#pragma once

#include <string>
#include <vector>

namespace bulkhead::db {

/// While one lives, every select of this thread is explained before it runs: for tests that hold a
/// repository's lists against the indexes. One per thread at a time.
class Plans {
public:
    Plans();
    ~Plans();
    Plans(const Plans&) = delete;
    Plans& operator=(const Plans&) = delete;

    /// In the engine's words, one plan for each select so far: a line per step.
    const std::vector<std::string>& seen() const { return seen_; }

private:
    std::vector<std::string> seen_;
};

}  // namespace bulkhead::db
