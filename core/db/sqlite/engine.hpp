#pragma once

#include "db/engine.hpp"

#include <atomic>

namespace bulkhead::db::sqlite {

/// One file: readers that cannot write, and one writer.
class Engine final : public db::Engine {
public:
    /// Throws std::runtime_error with a sentence for a URL that is no "sqlite://PATH".
    Engine(const Options& options, const std::filesystem::path& folder);

    Dialect dialect() const override { return Dialect::sqlite; }
    std::size_t connections() const override { return static_cast<std::size_t>(options_.readers); }
    bool one_writer() const override { return true; }
    std::unique_ptr<db::Wire> connect(Role role) override;
    bool made() const override;
    const std::filesystem::path& file() const override { return file_; }

private:
    /// Makes missing folders (mode 0700), and the file (0600) unless it has been there before: a
    /// database that vanished is not replaced by an empty one. Throws Failure (unavailable).
    void prepare_file(bool may_create) const;

    const Options& options_;
    const std::filesystem::path file_;
    std::atomic<bool> connected_ = false;  ///< ever
};

}  // namespace bulkhead::db::sqlite
