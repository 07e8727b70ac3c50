#pragma once
// Single reads without a worker: what an I/O thread asks, and how it hears the answer. Between the
// side that speaks HTTP and the side that speaks to the database, neither of which sees the other.

#include <bulkhead/query.hpp>

#include <exception>
#include <functional>

namespace bulkhead::value {

using QueryForm = bulkhead::detail::QueryForm;
using Question = bulkhead::detail::Question;

/// The rows of one answer; valid within the call that it is given to.
class Rows {
public:
    virtual ~Rows() = default;
    virtual std::size_t count() const = 0;
    /// Appends a row as json::write would. Throws db::Failure (usage) for one that its type cannot
    /// take.
    virtual void write(std::size_t row, std::string& out) const = 0;
    /// The same for one field of it.
    virtual void write_field(std::size_t row, std::string_view field, std::string& out) const = 0;
};

/// Which question an answer is to.
using Ticket = std::uint32_t;

/// Hears exactly one of the first three for each ticket, later or from within ask().
class Receiver {
public:
    virtual ~Receiver() = default;
    virtual void take(Ticket ticket, const Rows& rows) = 0;
    virtual void fail(Ticket ticket, const std::exception_ptr& failure) = 0;
    /// It was not run, for a reason that was not its own: a worker may.
    virtual void give_back(Ticket ticket) = 0;
    /// For log lines; empty where nobody waits any more.
    virtual std::string_view request_id(Ticket ticket) const = 0;
};

/// The connections of one I/O thread to the database, and of that thread alone.
class FastLane {
public:
    virtual ~FastLane() = default;

    /// Sends the question; what it refers to is copied. False where no connection is open, or all
    /// have enough to do: then a worker must ask. Throws db::Failure for what no connection could
    /// do. `form` lives as long as the process.
    virtual bool ask(const QueryForm& form, const Question& question, Ticket ticket) = 0;
    /// Once a second.
    virtual void sweep() = 0;
};

class Reactor;

/// Makes the fast lane of a thread; null where there is none to be had.
using MakeLane = std::function<std::unique_ptr<FastLane>(Reactor&, Receiver&)>;

}  // namespace bulkhead::value
