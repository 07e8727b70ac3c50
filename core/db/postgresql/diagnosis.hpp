#pragma once
// What PostgreSQL says of an error, read once.

#include <bulkhead/session.hpp>

#include <libpq-fe.h>

namespace bulkhead::db::postgresql {

/// By SQLSTATE (PostgreSQL 15, appendix A).
FailureKind kind_of_state(std::string_view state);

/// The Failure of an answer that is an error. Its text holds no bound value.
Failure failure_of(const PGresult& answer, std::string_view sql);

/// The columns within 'Key (tenant_id, email)=(1, a@b) already exists.', in whichever language.
std::vector<std::string> columns_in(std::string_view detail);

}  // namespace bulkhead::db::postgresql
