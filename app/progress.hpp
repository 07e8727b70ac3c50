#pragma once
// How far long work has come: a bar on a terminal, a line for each tenth elsewhere.

#include <cstdint>
#include <string>
#include <string_view>

namespace bulkhead::app {

class Progress {
public:
    /// `what`: "orders". Writes to standard output.
    Progress(std::string_view what, std::int64_t total);
    /// Ends the bar's line.
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// `done` of the total; shown where that looks different.
    void show(std::int64_t done);

private:
    void draw(std::int64_t done) const;

    std::string what_;
    std::int64_t total_;
    std::int64_t shown_ = 0;  ///< steps
    bool terminal_;
};

}  // namespace bulkhead::app
