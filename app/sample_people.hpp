#pragma once
// Rows of the people in the sample data, a field per column.

#include <bulkhead/shape.hpp>

namespace bulkhead::app::sample {

struct UserRow {
    Uuid id;
    std::string email;
    std::string name;
    bool active = true;
    Timestamp created_at{};
    Timestamp updated_at{};

    static auto fields() {
        return shape(field("id", &UserRow::id), field("email", &UserRow::email),
                     field("name", &UserRow::name), field("active", &UserRow::active),
                     field("created_at", &UserRow::created_at),
                     field("updated_at", &UserRow::updated_at));
    }
};

struct CredentialRow {
    Uuid user_id;
    std::string password_hash;
    Timestamp created_at{};
    Timestamp updated_at{};

    static auto fields() {
        return shape(field("user_id", &CredentialRow::user_id),
                     field("password_hash", &CredentialRow::password_hash),
                     field("created_at", &CredentialRow::created_at),
                     field("updated_at", &CredentialRow::updated_at));
    }
};

}  // namespace bulkhead::app::sample
