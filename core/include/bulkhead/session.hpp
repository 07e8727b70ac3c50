#pragma once
// SQL with bound parameters and typed rows. `:name` in the text is bound from the argument of that
// name; columns are matched to fields by name, through the same list that reads and writes JSON.
//
//     sql.run("insert into orders (id, sku) values (:id, :sku)", order);
//     auto order = sql.maybe<Order>("select id, sku from orders where id = :id", {{"id", id}});

#include <bulkhead/result.hpp>
#include <bulkhead/shape.hpp>

#include <initializer_list>
#include <memory>

namespace bulkhead::db {

/// Classified once from SQLSTATE or SQLite's extended code.
enum class FailureKind : std::uint8_t {
    unique_violation,
    foreign_key_violation,
    check_violation,
    not_null_violation,
    serialization,   ///< retried by the outermost transaction
    busy,            ///< a lock was not granted in time
    pool_exhausted,  ///< no connection within database.acquire_timeout_ms
    unavailable,     ///< no connection to be had
    read_only,       ///< a write outside of a transaction, or a read-only database
    full,            ///< the disk is full
    usage,           ///< wrong SQL, a missing argument or column: a bug in the module
    other,
    value  ///< since 1.1: a value that its column cannot hold: too large, not UTF-8
};

/// A failed statement or lease. `what()` never holds bound values, so it may be logged. Answered
/// with 503 "db.pool_exhausted", "db.full" or "db.unavailable" (busy and serialization, too), 422
/// "db.invalid_value", else 500 "http.internal".
class Failure : public Fault {
public:
    Failure(FailureKind kind, const std::string& detail, std::string table = {},
            std::vector<std::string> columns = {});
    ~Failure() override;

    FailureKind failure;
    std::string table;                 ///< of a violation, where the engine tells
    std::vector<std::string> columns;  ///< of a violation, where the engine tells
};

/// One named value, by reference: it lives until the end of the statement's full expression.
struct Argument {
    std::string_view name;
    const Type* type;  ///< null: `text`
    const void* value = nullptr;
    std::string_view text{};
    bool may_be_unused = false;  ///< a field of a shaped argument: SQL need not name them all

    template <class T>
        requires(!std::convertible_to<const T&, std::string_view>)
    Argument(std::string_view name, const T& value)
        : name(name), type(&type_of<T>()), value(&value) {}
    Argument(std::string_view name, std::string_view text)
        : name(name), type(nullptr), text(text) {}
};

using Arguments = std::initializer_list<Argument>;

/// The language of the engine that database.url names. Since 1.1.
enum class Dialect : std::uint8_t { sqlite, postgresql };
constexpr std::array<std::string_view, 2> names(Dialect) {
    return {"sqlite", "postgresql"};
}

/// The texts of one statement where no single one serves every engine. Since 1.1.
struct Variants {
    std::string_view sqlite;
    std::string_view postgresql;
};

/// What insert_all does with a row that a unique column refuses. Since 1.1.
enum class Existing : std::uint8_t { refused, kept };

/// One leased connection. Of one thread; never kept beyond the handler or transaction that got it.
class Session {
public:
    /// Every row. T is a shaped struct (a column per field) or a single value (one column).
    template <class T>
    std::vector<T> all(std::string_view sql, Arguments arguments = {}) {
        std::vector<T> rows;
        select(sql, list_of(arguments), type_of<std::vector<T>>(), &rows, no_cap);
        return rows;
    }
    template <class T, Shaped A>
    std::vector<T> all(std::string_view sql, const A& arguments) {
        std::vector<T> rows;
        select(sql, list_of(arguments), type_of<std::vector<T>>(), &rows, no_cap);
        return rows;
    }

    /// Every row, for arguments that are gathered at run time; more than `cap` rows are a Failure
    /// (usage). Since 1.1.
    template <class T>
    std::vector<T> rows(std::string_view sql, std::span<const Argument> arguments,
                        std::size_t cap = no_cap) {
        std::vector<T> rows;
        select(sql, arguments, type_of<std::vector<T>>(), &rows, cap);
        return rows;
    }

    /// The only row, or none; more than one is a Failure (usage).
    template <class T>
    std::optional<T> maybe(std::string_view sql, Arguments arguments = {}) {
        std::vector<T> rows;
        select(sql, list_of(arguments), type_of<std::vector<T>>(), &rows, 1);
        return rows.empty() ? std::nullopt : std::optional<T>(std::move(rows.front()));
    }

    /// The only row; none is a Failure (usage): for counts, `returning` and the like.
    template <class T>
    T one(std::string_view sql, Arguments arguments = {}) {
        auto row = maybe<T>(sql, arguments);
        if (!row)
            refuse_no_row(sql);
        return *std::move(row);
    }

    /// Executes and returns the number of rows changed.
    std::int64_t run(std::string_view sql, Arguments arguments = {}) {
        return execute(sql, list_of(arguments));
    }
    /// The same, with every `:name` taken from the field of that name.
    template <Shaped A>
    std::int64_t run(std::string_view sql, const A& arguments) {
        return execute(sql, list_of(arguments));
    }

    /// Inserts all rows, a column of `table` per field, by the engine's fastest way; returns the
    /// number of rows inserted. Within a transaction. Since 1.1.
    template <Shaped T>
    std::int64_t insert_all(std::string_view table, const std::vector<T>& rows,
                            Existing existing = Existing::refused) {
        return insert_rows(table, type_of<std::vector<T>>(), &rows, existing);
    }

    /// Executes at the latest with the next statement or the commit, and there throws what it has
    /// to throw: statements whose results nobody needs cost no round trip of their own. The values
    /// are copied. Within a transaction. Since 1.1.
    void later(std::string_view sql, Arguments arguments = {}) {
        execute_later(sql, list_of(arguments));
    }
    template <Shaped A>
    void later(std::string_view sql, const A& arguments) {
        execute_later(sql, list_of(arguments));
    }

    /// The engine's language, and the text for it. Since 1.1.
    Dialect dialect() const;
    std::string_view pick(const Variants& variants) const {
        return dialect() == Dialect::sqlite ? variants.sqlite : variants.postgresql;
    }

    /// The connection beneath; known to core/db only.
    struct Connection;
    explicit Session(Connection& connection) : connection_(&connection) {}

private:
    static constexpr std::size_t no_cap = static_cast<std::size_t>(-1);

    static std::vector<Argument> list_of(Arguments arguments) { return arguments; }
    template <Shaped A>
    static std::vector<Argument> list_of(const A& object) {
        return list_of(table_of<A>(), &object);
    }
    static std::vector<Argument> list_of(const Table& table, const void* object);

    void select(std::string_view sql, std::span<const Argument> arguments, const Type& list,
                void* rows, std::size_t cap);
    std::int64_t execute(std::string_view sql, std::span<const Argument> arguments);
    void execute_later(std::string_view sql, std::span<const Argument> arguments);
    std::int64_t insert_rows(std::string_view table, const Type& list, const void* rows,
                             Existing existing);
    [[noreturn]] static void refuse_no_row(std::string_view sql);

    Connection* connection_;
};

}  // namespace bulkhead::db
