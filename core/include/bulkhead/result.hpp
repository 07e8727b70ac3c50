#pragma once
// Expected failure is in the signature: a function that can be refused returns Result<T>. Broken
// infrastructure throws instead and is caught once, by the middleware `recover`.

#include <cassert>
#include <concepts>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace bulkhead {

/// What kind of refusal an Error is. core/http/problem.cpp holds the only table from kind to HTTP
/// status; a new kind does not compile until it stands there.
enum class ErrorKind : std::uint8_t {
    malformed,             ///< 400: cannot be read at all
    unauthenticated,       ///< 401: no valid credentials; answered with WWW-Authenticate
    forbidden,             ///< 403: known caller, missing scope
    not_found,             ///< 404: absent, or not this caller's
    method_not_allowed,    ///< 405
    request_timeout,       ///< 408: the client took too long to send its request
    conflict,              ///< 409: the present state does not permit it
    too_large,             ///< 413
    uri_too_long,          ///< 414
    unsupported_media,     ///< 415
    expectation_failed,    ///< 417
    invalid,               ///< 422: readable, but against a declared limit; see `violations`
    too_many_requests,     ///< 429
    headers_too_large,     ///< 431
    internal,              ///< 500: nothing of it is shown to the client
    not_implemented,       ///< 501
    unavailable,           ///< 503: answered with Retry-After
    timeout,               ///< 504: the request's deadline passed
    version_unsupported,   ///< 505
    precondition_failed,   ///< 412: If-Match or If-Unmodified-Since does not hold; since SDK 1.1
    range_not_satisfiable  ///< 416: since SDK 1.1
};

/// One broken limit of one field.
struct Violation {
    std::string field;  ///< path in the body: "items[0].quantity"; in a query: the parameter
    std::string code;   ///< stable: "required", "type", "range", "length", "format", "unknown" ...
    std::string message;  ///< for people: "must be between 1 and 999"
};

/// A refusal. `code` is stable and public ("orders.out_of_stock"; every code is listed in
/// docs/errors.md), `message` is public, `detail` goes to the log and nowhere else.
class [[nodiscard]] Error {
public:
    Error(ErrorKind kind, std::string code, std::string message)
        : kind(kind), code(std::move(code)), message(std::move(message)) {}

    static Error malformed(std::string code, std::string message) {
        return {ErrorKind::malformed, std::move(code), std::move(message)};
    }
    static Error unauthenticated(std::string code, std::string message) {
        return {ErrorKind::unauthenticated, std::move(code), std::move(message)};
    }
    static Error forbidden(std::string code, std::string message) {
        return {ErrorKind::forbidden, std::move(code), std::move(message)};
    }
    static Error not_found(std::string code, std::string message) {
        return {ErrorKind::not_found, std::move(code), std::move(message)};
    }
    static Error conflict(std::string code, std::string message) {
        return {ErrorKind::conflict, std::move(code), std::move(message)};
    }
    static Error invalid(std::string code, std::string message) {
        return {ErrorKind::invalid, std::move(code), std::move(message)};
    }
    static Error unavailable(std::string code, std::string message) {
        return {ErrorKind::unavailable, std::move(code), std::move(message)};
    }

    Error&& with_detail(std::string text) && {
        detail = std::move(text);
        return std::move(*this);
    }
    Error&& with(Violation violation) && {
        violations.push_back(std::move(violation));
        return std::move(*this);
    }

    ErrorKind kind;
    std::string code;
    std::string message;
    std::string detail;
    std::vector<Violation> violations;
};

/// Broken infrastructure, thrown. `recover` answers with the status of `kind` and the public
/// message; what() goes to the log. Whatever else is thrown answers 500 "http.internal".
class Fault : public std::runtime_error {
public:
    Fault(ErrorKind kind, std::string code, std::string message, const std::string& detail)
        : std::runtime_error(detail),
          kind(kind),
          code(std::move(code)),
          message(std::move(message)) {}
    ~Fault() override;

    ErrorKind kind;
    std::string code;
    std::string message;
};

/// The value of a success that has nothing to say; as a handler's result it answers 204.
struct Done {};

/// A T, or the Error that says why there is none. Reading the value of a refusal is a bug of the
/// caller (asserted in debug builds).
template <class T = Done>
class [[nodiscard]] Result {
public:
    Result(T value) : ok_(true), value_(std::move(value)) {}
    Result(Error error) : ok_(false), error_(std::move(error)) {}

    /// Lets `Result<Created<Order>> place()` return what `Result<Order> Service::place()` gave.
    template <class U>
        requires(!std::same_as<U, T> && std::constructible_from<T, U &&> &&
                 (std::convertible_to<U &&, T> || !std::is_arithmetic_v<T>))
    Result(Result<U> other) : ok_(static_cast<bool>(other)) {
        if (ok_)
            std::construct_at(&value_, std::move(*other));
        else
            std::construct_at(&error_, std::move(other.error()));
    }

    Result(const Result& other) : ok_(other.ok_) {
        if (ok_)
            std::construct_at(&value_, other.value_);
        else
            std::construct_at(&error_, other.error_);
    }
    Result(Result&& other) noexcept : ok_(other.ok_) {
        if (ok_)
            std::construct_at(&value_, std::move(other.value_));
        else
            std::construct_at(&error_, std::move(other.error_));
    }
    Result& operator=(Result other) noexcept {
        std::destroy_at(this);
        return *std::construct_at(this, std::move(other));
    }
    ~Result() {
        if (ok_)
            std::destroy_at(&value_);
        else
            std::destroy_at(&error_);
    }

    explicit operator bool() const { return ok_; }
    T& operator*() & { return assert(ok_), value_; }
    const T& operator*() const& { return assert(ok_), value_; }
    T&& operator*() && { return assert(ok_), std::move(value_); }
    T* operator->() { return assert(ok_), &value_; }
    const T* operator->() const { return assert(ok_), &value_; }
    Error& error() { return assert(!ok_), error_; }
    const Error& error() const { return assert(!ok_), error_; }

private:
    bool ok_;
    union {
        T value_;
        Error error_;
    };
};

}  // namespace bulkhead
