#pragma once

#include "db/postgresql/wire.hpp"
#include "db/row_map.hpp"

namespace bulkhead::db::postgresql {

/// A statement that the server has prepared.
class Statement final : public Prepared {
public:
    Statement(Wire& wire, std::string_view sql, std::span<const Argument> arguments,
              const Type* row);
    ~Statement() override;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    std::int64_t execute(std::span<const Argument> arguments) override;
    void execute_later(std::span<const Argument> arguments) override;
    void select(std::span<const Argument> arguments, const Type& list, void* rows,
                std::size_t cap) override;
    /// All but what says that the statement itself is out of date.
    bool survives(const Failure& failure) const override;

private:
    void store(std::span<const Argument> arguments);
    void load_row(const PGresult& rows, int row, void* value) const;

    Wire& wire_;
    const std::string sql_;
    std::vector<std::size_t> inputs_;  ///< indices of arguments
    std::vector<Place> places_;
    std::string name_;
    std::string buffer_;
    Values values_;
};

}  // namespace bulkhead::db::postgresql
