#pragma once
// What every database engine is to the rest of core/db. All that differs between them lies in
// core/db/sqlite and core/db/postgresql.

#include "db/options.hpp"
#include "value/fast_lane.hpp"
#include "value/reactor.hpp"

#include <bulkhead/database.hpp>

#include <chrono>
#include <filesystem>

namespace bulkhead::db {

class BackOff;
struct Counters;

/// A reader cannot write: the engine refuses it.
enum class Role : std::uint8_t { reader, writer };

/// One prepared statement of one connection, made for one list of arguments (names and types, in
/// order) and one type of rows. Throws Failure.
class Prepared {
public:
    virtual ~Prepared();

    /// Rows changed.
    virtual std::int64_t execute(std::span<const Argument> arguments) = 0;
    /// At the latest with the next statement or the commit, which throw its Failure.
    virtual void execute_later(std::span<const Argument> arguments) { execute(arguments); }
    /// Appends every row to `rows`, a list of the type that it was made for.
    virtual void select(std::span<const Argument> arguments, const Type& list, void* rows,
                        std::size_t cap) = 0;
    /// Whether it can run again after this.
    virtual bool survives(const Failure& failure) const = 0;
};

/// One connection as its engine sees it. Of one thread at a time; every Failure is classified.
class Wire {
public:
    virtual ~Wire();

    /// `row`: null for a statement whose rows nobody wants. Throws Failure (usage) naming the
    /// argument, column or field that is missing or too much.
    virtual std::unique_ptr<Prepared> prepare(std::string_view sql,
                                              std::span<const Argument> arguments,
                                              const Type* row) = 0;

    virtual void begin(Isolation isolation) = 0;
    virtual void commit() = 0;
    /// False if the connection cannot be used any more.
    virtual bool rollback() noexcept = 0;

    /// Every statement of a script, within a transaction and without a limit of time; throws
    /// Failure naming the line.
    virtual void run_script(std::string_view sql) = 0;

    /// From now on what runs is stopped after `limit` (Failure busy); zero: never.
    virtual void limit_time(std::chrono::milliseconds limit) = 0;

    /// A look without a round trip: whether the other side is still there.
    virtual bool connected() = 0;
    /// False once the database is no longer the one that this was opened on.
    virtual bool attached() = 0;
};

/// A database of one engine, by its URL.
class Engine {
public:
    virtual ~Engine();

    virtual Dialect dialect() const = 0;
    /// Connections, and whether there is one writer beside the readers, or all are alike.
    virtual std::size_t connections() const = 0;
    virtual bool one_writer() const = 0;
    /// Throws Failure (unavailable) with a sentence and its remedy.
    virtual std::unique_ptr<Wire> connect(Role role) = 0;
    /// Whether connecting finds a database, rather than making one.
    virtual bool made() const = 0;
    /// How often its connections, all together, waited for an answer of another process.
    virtual std::uint64_t round_trips() const { return 0; }
    /// Of a database that is one file; else empty.
    virtual const std::filesystem::path& file() const = 0;
    /// Null where single reads have no way of their own.
    virtual std::unique_ptr<value::FastLane> fast_lane(Counters&, BackOff&, value::Reactor&,
                                                       value::Receiver&) {
        return nullptr;
    }
};

/// Throws std::runtime_error with a sentence for a URL that names no engine. A relative path is
/// relative to `folder`.
std::unique_ptr<Engine> make_engine(const Options& options, const std::filesystem::path& folder);

}  // namespace bulkhead::db
