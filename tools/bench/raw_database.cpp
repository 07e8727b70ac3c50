// The limit of this machine for a row and for a page of a database: one thread, edge-triggered
// epoll, and connections of libpq in pipeline mode, on which every statement is sent at once, with
// its own sync, behind those that still wait. No log, no limits, no parsing but of the path.
//
//     raw_database REPLY URL [CONNECTIONS]
//
//     REPLY        a reply whose head and request id are given to every answer
//     URL          of the PostgreSQL that holds the products
//     CONNECTIONS  by default 1, which costs the least
//
//     GET .../row/UUID and GET .../products/UUID    the product
//     GET .../page/UUID                             the twenty that come after it, by id

#include "epoll_server.hpp"

#include <libpq-fe.h>

#include <deque>
#include <vector>

namespace {

using namespace epoll_server;

constexpr std::size_t uuid_bytes = 36;
constexpr int page_rows = 20;
enum column { first_text = 0, price = 4, stock = 6, first_time = 7, columns = 9 };

struct Database;

struct Client : Connection {
    Database* database = nullptr;
    std::size_t waiting = 0;  // statements that will still name it
    bool over = false;
};

struct Waiting {
    Client* client;
    bool page;
};

struct Database {
    PGconn* connection = nullptr;
    std::deque<Waiting> waiting;
};

std::vector<Database> databases;
std::string head_before_length;
std::string head_after_length;
std::string request_id;
std::string body;
std::string reply;

[[noreturn]] void fail_database(PGconn* connection, const char* what) {
    std::fprintf(stderr, "%s: %s", what, PQerrorMessage(connection));
    std::exit(1);
}

// What stands between `before` and `after` in the text; ends the process if it is not there.
std::string between(const std::string& text, const char* before, const char* after) {
    const auto from = text.find(before);
    const auto begin = from + std::strlen(before);
    const auto end = text.find(after, begin);
    if (from == std::string::npos || end == std::string::npos)
        fail(before);
    return text.substr(begin, end - begin);
}

void load_reply(const char* path) {
    const auto recorded = content_of(path);
    const auto length = between(recorded, "Content-Length: ", "\r\n");
    const auto at = recorded.find("Content-Length: ") + std::strlen("Content-Length: ");
    head_before_length = recorded.substr(0, at);
    head_after_length =
        recorded.substr(at + length.size(), recorded.find("\r\n\r\n") + 4 - at - length.size());
    request_id = between(recorded, "\"request_id\":\"", "\"");
}

void put_text(std::string_view text) {
    body += '"';
    for (const char letter : text) {
        if (letter == '"' || letter == '\\')
            body += '\\';
        body += letter;
    }
    body += '"';
}

// "2026-11-20 09:00:00.5+00" becomes "2026-11-20T09:00:00.500000Z".
void put_time(std::string_view text) {
    constexpr std::size_t seconds_end = 19;
    const auto zone = text.rfind('+');
    const auto fraction = zone > seconds_end ? text.substr(seconds_end + 1, zone - 20) : "";
    body += '"';
    body.append(text.substr(0, 10)).append("T").append(text.substr(11, 8)).append(".");
    body.append(fraction).append(6 - fraction.size(), '0').append("Z\"");
}

void put_product(const PGresult* rows, int row) {
    static constexpr std::string_view labels[columns] = {
        R"({"id":)",          R"(,"sku":)",        R"(,"name":)",
        R"(,"description":)", R"(,"price":)",      R"(,"currency":)",
        R"(,"stock":)",       R"(,"created_at":)", R"(,"updated_at":)"};
    for (int column = first_text; column < columns; ++column) {
        const std::string_view text(PQgetvalue(rows, row, column),
                                    static_cast<std::size_t>(PQgetlength(rows, row, column)));
        body += labels[column];
        if (column >= first_time)
            put_time(text);
        else if (column == price || column == stock)
            body += text;
        else
            put_text(text);
    }
    body += '}';
}

void put_page(const PGresult* rows) {
    const int count = std::min(PQntuples(rows), page_rows);
    body += '[';
    for (int row = 0; row < count; ++row) {
        if (row > 0)
            body += ',';
        put_product(rows, row);
    }
    body += ']';
}

void put_reply(const PGresult* rows, bool page) {
    body = R"({"success":true,"data":)";
    if (page)
        put_page(rows);
    else
        put_product(rows, 0);
    body.append(R"(,"error":null,"meta":{"request_id":")").append(request_id).append("\"}}");
    reply.assign(head_before_length).append(std::to_string(body.size())).append(head_after_length);
    reply += body;
}

void forget(Client* client) {
    if (!client->over)
        ::close(client->socket);
    client->over = true;
    if (client->waiting == 0)
        delete client;
}

void answer(const Waiting& asked, const PGresult* rows) {
    if (PQresultStatus(rows) != PGRES_TUPLES_OK || PQntuples(rows) == 0)
        fail("no rows");
    auto* client = asked.client;
    --client->waiting;
    put_reply(rows, asked.page);
    if (client->over)
        forget(client);
    else
        send_or_keep(*client, reply);  // If it has gone, its own event says so.
}

// Each statement brings its rows, a null, and the end of its sync.
void answer_all(Database& from) {
    if (PQconsumeInput(from.connection) == 0)
        fail_database(from.connection, "read");
    while (!from.waiting.empty() && PQisBusy(from.connection) == 0) {
        PGresult* result = PQgetResult(from.connection);
        if (result == nullptr)
            continue;
        if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
            from.waiting.pop_front();
        } else {
            answer(from.waiting.front(), result);
        }
        PQclear(result);
    }
}

void ask(Client& client, std::string_view request) {
    const auto end = request.find(' ', 4);
    const auto path = request.substr(4, end - 4);
    const bool page = path.find("/page/") != std::string_view::npos;
    const std::string id(path.substr(path.size() - std::min(path.size(), uuid_bytes)));
    const char* values[] = {id.c_str()};
    auto* connection = client.database->connection;
    if (PQsendQueryPrepared(connection, page ? "page" : "row", 1, values, nullptr, nullptr, 0) ==
            0 ||
        PQpipelineSync(connection) == 0)
        fail_database(connection, "send");
    client.database->waiting.push_back({&client, page});
    ++client.waiting;
}

void serve(Client& client) {
    const auto asked = [&] {
        take_requests(client, [&](std::string_view request) { ask(client, request); });
        return true;
    };
    if (!send_kept(client) || !read_all(client, asked))
        forget(&client);
}

void prepare(PGconn* connection, const char* name, const std::string& condition) {
    const auto sql =
        "select id, sku, name, description, price, currency, stock, created_at, updated_at"
        " from products where " +
        condition;
    PGresult* result = PQprepare(connection, name, sql.c_str(), 1, nullptr);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        fail_database(connection, name);
    PQclear(result);
}

void connect(Database& database, const char* url, int epoll) {
    auto* connection = PQconnectdb(url);
    if (PQstatus(connection) != CONNECTION_OK)
        fail_database(connection, "connect");
    PQclear(PQexec(connection, "set timezone = 'UTC'"));
    prepare(connection, "row", "id = $1");
    prepare(connection, "page", "id > $1 order by id limit " + std::to_string(page_rows));
    if (PQsetnonblocking(connection, 1) != 0 || PQenterPipelineMode(connection) == 0)
        fail_database(connection, "pipeline");
    database.connection = connection;
    watch(epoll, PQsocket(connection), EPOLLIN, &database);  // libpq may leave some unread.
}

void accept_clients(int epoll, int listening) {
    static std::size_t next = 0;
    accept_all(epoll, listening, [](int socket) {
        auto* client = new Client{{socket, 0, {}, {}}};
        client->database = &databases[next++ % databases.size()];
        return client;
    });
}

Database* database_at(void* source) {
    for (auto& database : databases)
        if (source == &database)
            return &database;
    return nullptr;
}

void handle(int epoll, int listening, void* source) {
    if (source == nullptr)
        return accept_clients(epoll, listening);
    if (auto* database = database_at(source))
        return answer_all(*database);
    serve(*static_cast<Client*>(source));
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 3)
        return std::fputs("usage: raw_database REPLY URL [CONNECTIONS]\n", stderr), 2;
    load_reply(arguments[1]);
    const int epoll = ::epoll_create1(0);
    databases.resize(count > 3 ? std::strtoul(arguments[3], nullptr, 10) : 1);
    for (auto& database : databases)
        connect(database, arguments[2], epoll);
    const int listening = listen_on(0);
    watch(epoll, listening, EPOLLIN, nullptr);
    for (std::array<epoll_event, batch> events;;) {
        const int ready = ::epoll_wait(epoll, events.data(), batch, -1);
        for (int number = 0; number < ready; ++number)
            handle(epoll, listening, events[number].data.ptr);
        for (auto& database : databases)
            if (PQflush(database.connection) < 0)
                fail_database(database.connection, "send");
    }
}
