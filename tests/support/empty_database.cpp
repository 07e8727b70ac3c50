#include <bulkhead/test/empty_database.hpp>

#include <libpq-fe.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace bulkhead::test {
namespace {

constexpr std::string_view prefix = "bulkhead_test_";

std::string variable(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? "" : value;
}

std::string server_url() {
    auto url = variable("BULKHEAD_TEST_POSTGRESQL");
    if (constexpr std::string_view file = "file:"; url.starts_with(file)) {
        std::ifstream stream(url.substr(file.size()));
        std::getline(stream, url);
    }
    if (!url.starts_with("postgresql://"))
        throw std::runtime_error(
            "BULKHEAD_TEST_ENGINE is postgresql, but BULKHEAD_TEST_POSTGRESQL is neither the URL "
            "of a server, postgresql://USER:PASSWORD@HOST:PORT/DATABASE, nor file:PATH of a file "
            "that holds one: postgresql.sh with COMMAND ... starts one (see empty_database.hpp)");
    return url;
}

std::string with_database(const std::string& url, const std::string& database) {
    const auto authority = url.find("://") + 3;
    const auto path = std::min(url.find('/', authority), url.size());
    const auto rest = std::min(url.find('?', authority), url.size());
    return url.substr(0, std::min(path, rest)) + "/" + database + url.substr(rest);
}

class Server {
public:
    Server() : connection_(PQconnectdb(server_url().c_str()), PQfinish) {
        if (PQstatus(connection_.get()) != CONNECTION_OK)
            fail();
    }

    /// The values of the first column.
    std::vector<std::string> run(const std::string& sql) {
        const std::unique_ptr<PGresult, void (*)(PGresult*)> result(
            PQexec(connection_.get(), sql.c_str()), PQclear);
        const auto status = PQresultStatus(result.get());
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
            fail();
        std::vector<std::string> values;
        for (int row = 0; row < PQntuples(result.get()); ++row)
            values.emplace_back(PQgetvalue(result.get(), row, 0));
        return values;
    }

private:
    [[noreturn]] void fail() const {
        throw std::runtime_error("the server of BULKHEAD_TEST_POSTGRESQL: " +
                                 std::string(PQerrorMessage(connection_.get())));
    }

    std::unique_ptr<PGconn, void (*)(PGconn*)> connection_;
};

// Nobody else makes databases with the number of this process, or with that of none.
bool is_left_behind(std::string_view database) {
    pid_t owner = 0;
    database.remove_prefix(prefix.size());
    std::from_chars(database.data(), database.data() + database.size(), owner);
    return owner == ::getpid() || (owner > 0 && ::kill(owner, 0) != 0 && errno == ESRCH);
}

void drop_what_is_left_behind(Server& server) {
    const auto mine = std::string(prefix) + "%";
    for (const auto& name :
         server.run("select datname from pg_database where datname like '" + mine + "'"))
        if (is_left_behind(name))
            server.run("drop database if exists " + name + " with (force)");
}

std::string create() {
    static std::atomic<int> made = 0;
    const auto number = made++;
    Server server;
    if (number == 0)
        drop_what_is_left_behind(server);
    auto name = std::string(prefix) + std::to_string(::getpid()) + "_" + std::to_string(number);
    // Copying files is the faster way for one that is nearly empty: 28 ms instead of 45.
    server.run("create database " + name + " template template0 strategy file_copy");
    return name;
}

}  // namespace

bool on_postgresql() {
    const auto engine = variable("BULKHEAD_TEST_ENGINE");
    if (!engine.empty() && engine != "sqlite" && engine != "postgresql")
        throw std::runtime_error("BULKHEAD_TEST_ENGINE is '" + engine +
                                 "', but must be sqlite or postgresql");
    return engine == "postgresql";
}

EmptyDatabase::EmptyDatabase() : url_("sqlite://test.db") {
    if (!on_postgresql())
        return;
    name_ = create();
    url_ = with_database(server_url(), name_);
}

EmptyDatabase::~EmptyDatabase() {
    if (name_.empty())
        return;
    try {
        Server().run("drop database if exists " + name_ + " with (force)");
    } catch (const std::runtime_error&) {
        // It goes with its server, or with the next process's first.
    }
}

}  // namespace bulkhead::test
