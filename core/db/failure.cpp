#include <bulkhead/session.hpp>

namespace bulkhead::db {

namespace {

struct Answer {
    ErrorKind kind;
    const char* code;
    const char* message;
};

Answer answer_to(FailureKind kind) {
    switch (kind) {
        case FailureKind::pool_exhausted:
            return {ErrorKind::unavailable, "db.pool_exhausted",
                    "The server is busy. Please try again in a moment."};
        case FailureKind::unavailable:
        case FailureKind::busy:
        case FailureKind::serialization:
            return {ErrorKind::unavailable, "db.unavailable",
                    "The database cannot be reached at the moment. Please try again."};
        case FailureKind::full:
            return {ErrorKind::unavailable, "db.full",
                    "The server cannot store anything at the moment."};
        case FailureKind::value:
            return {ErrorKind::invalid, "db.invalid_value",
                    "A value is too large, or not of the kind that is stored here."};
        default:
            return {ErrorKind::internal, "http.internal",
                    "Something went wrong here. The request id finds it in the log."};
    }
}

}  // namespace

Failure::Failure(FailureKind kind, const std::string& detail, std::string table,
                 std::vector<std::string> columns)
    : Fault(answer_to(kind).kind, answer_to(kind).code, answer_to(kind).message, detail),
      failure(kind),
      table(std::move(table)),
      columns(std::move(columns)) {}

Failure::~Failure() = default;

}  // namespace bulkhead::db
