#pragma once

#include "db/row_map.hpp"
#include "db/sqlite/wire.hpp"

namespace bulkhead::db::sqlite {

/// A statement of SOCI's with fixed places through which its arguments and columns pass.
class Statement final : public Prepared {
public:
    Statement(Wire& wire, std::string_view sql, std::span<const Argument> arguments,
              const Type* row);

    std::int64_t execute(std::span<const Argument> arguments) override;
    void select(std::span<const Argument> arguments, const Type& list, void* rows,
                std::size_t cap) override;
    /// A dropped statement holds no lock, whatever row it stopped at.
    bool survives(const Failure&) const override { return false; }

private:
    struct Input {
        std::size_t argument;
        Cell cell;
    };
    struct Output {
        Place place;
        Cell cell;
    };

    void prepare(std::span<const Argument> arguments, const Type* row);
    void connect_cells(const std::vector<std::string>& parameters);
    void store(std::span<const Argument> arguments);
    void load_row(void* row);
    template <class Work>
    auto classified(Work&& work);

    Wire& wire_;
    std::string sql_;
    std::vector<Input> inputs_;
    std::vector<Output> outputs_;
    soci::statement statement_;  // Last: it points into the cells.
};

}  // namespace bulkhead::db::sqlite
