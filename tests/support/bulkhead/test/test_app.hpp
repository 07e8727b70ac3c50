#pragma once
// A whole application without a socket: a real generation of the built .so files, with a database,
// a key and a configuration in a temporary folder of its own.
//
//     TestApp app{"users", "auth", "orders"};
//     const auto response = app.sign_in("ada", {"orders:write"}).post("/orders", body);
//
// Modules are looked for where this project builds its own, then among the installed ones.

#include <bulkhead/database.hpp>
#include <bulkhead/test/empty_database.hpp>
#include <bulkhead/test/temporary_folder.hpp>

#include <boost/json/value.hpp>

#ifndef BULKHEAD_TEST_MODULES
#error "Tests of a module are built by bulkhead_module_tests(NAME), which says where modules lie."
#endif

namespace bulkhead::module {
class Generation;  // the core's own
}
namespace bulkhead::http {
class Application;  // the core's own
}

namespace bulkhead::test {

struct Response {
    int status = 0;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    boost::json::value json;    ///< null if the body is none
    std::string error_code;     ///< empty on success
    std::string problem_field;  ///< `field` of the first of the error's details

    const boost::json::value& data() const { return json.at("data"); }
    const boost::json::value& meta() const { return json.at("meta"); }
    const boost::json::array& details() const { return json.at("error").at("details").as_array(); }
    std::optional<std::string> header(std::string_view name) const;
};

class TestApp;

/// Sends requests as one caller, or as nobody. Paths are those below /api/v1. Any thread.
class Client {
public:
    explicit Client(TestApp& app) : app_(&app) {}

    Response get(std::string_view path) const { return send("GET", path); }
    Response del(std::string_view path) const { return send("DELETE", path); }
    Response post(std::string_view path, std::string_view body) const {
        return send("POST", path, body);
    }
    Response put(std::string_view path, std::string_view body) const {
        return send("PUT", path, body);
    }
    Response patch(std::string_view path, std::string_view body) const {
        return send("PATCH", path, body);
    }
    Response send(std::string_view method, std::string_view path, std::string_view body = {}) const;

    /// The same caller with another token.
    Client with_token(std::string token) const;

    std::string user_id;
    std::string access_token;  ///< sent with every request unless empty
    std::string refresh_token;

private:
    TestApp* app_;
};

class TestApp {
public:
    /// `TestApp app({"users", "auth"}, "...")` with `settings`: lines of [module.auth.settings],
    /// beside hashes as cheap as they may be, and further tables of plugins.toml (no rate is
    /// limited unless [rate_limit] is one of them). `folders`: of modules, with ':' between them.
    /// Fails the test if a module does not run. A handler that repeats a query as often as
    /// database.repeated_queries says (N+1) answers 500, and the log says which.
    TestApp(std::initializer_list<std::string_view> modules, std::string_view settings = {},
            std::string_view folders = BULKHEAD_TEST_MODULES);
    ~TestApp();
    TestApp(const TestApp&) = delete;
    TestApp& operator=(const TestApp&) = delete;

    /// Registers NAME@example.org, unless done before, and logs in. With `scopes` the token grants
    /// these instead of the configured ones. Needs the module auth.
    Client sign_in(std::string_view name, std::initializer_list<std::string_view> scopes = {});

    Response get(std::string_view path) { return Client(*this).get(path); }
    Response post(std::string_view path, std::string_view body) {
        return Client(*this).post(path, body);
    }

    /// What a module offers under I's contract; null if none does.
    template <class I>
    I* find() {
        return static_cast<I*>(find(I::contract));
    }

    db::Database database();
    module::Generation& generation() { return *generation_; }
    http::Application& application();
    std::filesystem::path key_file() const;

    /// Returns once every event that was published is delivered, or given up as dead; fails the
    /// test if that takes longer than 30 s.
    void deliver_events();

    /// Makes what the caches of this whole process keep so much older.
    static void age_caches(std::chrono::seconds by);

    /// Looks into the tables: one value; the number of rows; and changes them.
    template <class T>
    T value(std::string_view sql, db::Arguments arguments = {}) {
        return *database().transaction(
            [&](db::Session& session) -> Result<T> { return session.one<T>(sql, arguments); });
    }
    std::int64_t count(std::string_view table);
    void execute(std::string_view sql, db::Arguments arguments = {});

private:
    void* find(std::string_view contract);

    TemporaryFolder folder_;
    EmptyDatabase empty_;
    std::unique_ptr<module::Generation> generation_;
};

}  // namespace bulkhead::test
