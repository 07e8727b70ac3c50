#pragma once
// What a handler may ask for by naming it as a parameter, and what it may return. The signature is
// the contract: it extracts, validates, sets the status and documents.
//
//     Result<Created<Order>> place(Service&, Caller, Body<PlaceOrder>);

#include <bulkhead/json.hpp>
#include <bulkhead/request.hpp>

#include <algorithm>

namespace bulkhead {

/// A string literal as a template argument: Path<"id", OrderId>.
template <std::size_t N>
struct Literal {
    char text[N]{};
    consteval Literal(const char (&from)[N]) { std::copy_n(from, N, text); }
    constexpr std::string_view view() const { return {text, N - 1}; }
};

/// The JSON body as a T. Without Content-Type application/json: 415; not JSON: 400; against the
/// shape: 422 naming every field.
template <Shaped T>
struct Body {
    T value;
    const T& operator*() const { return value; }
    const T* operator->() const { return &value; }
};

/// The segment {Name} of the path as a T; text that is no T is 404: such a resource cannot exist.
template <Literal Name, class T>
struct Path {
    T value;
    const T& operator*() const { return value; }
    const T* operator->() const { return &value; }
};

/// The query string as a T: an absent parameter keeps the member's initial value, an unknown or
/// malformed one is 400.
template <Shaped T>
struct Query {
    T value;
    const T& operator*() const { return value; }
    const T* operator->() const { return &value; }
};

/// One page of a list and how to go on. `next_cursor` is empty on the last page.
template <class T>
struct Listing {
    std::vector<T> items;
    std::int32_t limit = 0;
    std::string next_cursor;
    std::optional<std::int64_t> total{};  ///< only where it is cheap
};

/// `?limit=` (default 20, at most 100) and `?cursor=` (opaque; where the page before ended).
struct Page {
    std::int32_t limit = 20;
    std::string cursor;

    static constexpr std::int32_t max_limit = 100;

    /// Rows to ask the database for: one more than shown tells whether there is a next page.
    std::int32_t rows_to_fetch() const { return limit + 1; }

    /// The sort key at which the page before ended; empty on the first page. A cursor that no list
    /// gave out is 400 `http.bad_cursor`.
    template <Shaped Key>
    Result<std::optional<Key>> after() const {
        if (cursor.empty())
            return std::optional<Key>{};
        Key key{};
        if (auto done = decode_cursor(type_of<Key>(), &key); !done)
            return std::move(done.error());
        return std::optional<Key>{std::move(key)};
    }

    /// Cuts what rows_to_fetch() brought to one page; `key_of(item)` is the list's sort key.
    template <class T, class KeyOf>
    Listing<T> listing(std::vector<T> rows, KeyOf&& key_of) const {
        Listing<T> page{std::move(rows), limit, {}, {}};
        if (page.items.size() > static_cast<std::size_t>(limit)) {
            page.items.resize(static_cast<std::size_t>(limit));
            const auto key = key_of(page.items.back());
            page.next_cursor = encode_cursor(type_of<std::remove_cvref_t<decltype(key)>>(), &key);
        }
        return page;
    }

    static auto fields() {
        return shape(
            field("limit", &Page::limit, between(1, max_limit), described("Items per page.")),
            field("cursor", &Page::cursor, length(0, 1024),
                  described("Where to go on: meta.next_cursor of the page before.")));
    }

private:
    Result<> decode_cursor(const Type& key, void* value) const;
    static std::string encode_cursor(const Type& key, const void* value);
};

/// 201 with a Location: the route's `.location()`, else its own path with the value's field `id`
/// behind it; a value without one gets none.
template <Shaped T>
struct Created {
    T value;
    Created(T made) : value(std::move(made)) {}
};

/// An answer in a shape of the module's own, without the envelope.
struct Raw {
    Reply reply;
};

}  // namespace bulkhead
