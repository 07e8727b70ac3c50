// Users are deactivated under load while the server is killed: whatever was acknowledged has all of
// its consequences in the end, and each of them once.

#include "db/pool.hpp"
#include "support/running_server.hpp"
#include "support/scale.hpp"
#include "support/shoppers.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <csignal>
#include <optional>

namespace {

using bulkhead::db::Session;

constexpr auto* password = "correct horse battery";
// Of db/seeds: the chain, of which there is most.
constexpr auto* order_of_two =
    R"({"items": [{"product_id": "01a1f82f-1e80-7000-8000-000000000003", "quantity": 2}]})";

std::optional<RawResponse> post(std::uint16_t port, const std::string& path,
                                const std::string& body, const std::string& token) {
    return ask(port, "POST", "/api/v1" + path, body, token);
}

/// Looks into the database beside the server.
class Tables {
public:
    explicit Tables(const Deployment& deployment)
        : pool_({.url = deployment.database_url()}, deployment.folder()) {}

    std::int64_t number(std::string_view sql) {
        const bulkhead::db::HandlerScope scope;
        return bulkhead::db::Database(pool_).session().one<std::int64_t>(sql);
    }
    bool wait_for_none(std::string_view table) {
        const auto given_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (number("select count(*) from " + std::string(table)) > 0)
            if (std::chrono::steady_clock::now() > given_up)
                return false;
        return true;
    }

private:
    bulkhead::db::Pool pool_;
};

/// Deactivates one after the other, each until that is acknowledged.
class Deactivations {
public:
    Deactivations(std::uint16_t port, const std::string& token,
                  const std::vector<Customer>& customers)
        : thread_([=, this] {
              for (const auto& customer : customers) {
                  std::optional<RawResponse> answer;
                  for (int attempt = 0; attempt < 1'000 && !(answer && answer->status == 200);
                       ++attempt)
                      answer = post(port, "/users/" + customer.id + "/deactivate", "", token);
                  acknowledged_ += answer && answer->status == 200 ? 1 : 0;
                  ++done_;
                  done_.notify_all();
              }
          }) {}
    ~Deactivations() { join(); }
    Deactivations(const Deactivations&) = delete;
    Deactivations& operator=(const Deactivations&) = delete;

    void wait_for(int wanted) const {
        for (auto seen = done_.load(); seen < wanted; seen = done_)
            done_.wait(seen);
    }
    void join() {
        if (thread_.joinable())
            thread_.join();
    }
    int acknowledged() const { return acknowledged_; }

private:
    std::atomic<int> done_ = 0;
    std::atomic<int> acknowledged_ = 0;
    std::thread thread_;
};

/// Places orders until it ends.
class Buying {
public:
    Buying(std::uint16_t port, const Customer& customer)
        : thread_([=, this] {
              while (!ended_)
                  post(port, "/orders", order_of_two, customer.token);
          }) {}
    ~Buying() {
        ended_ = true;
        thread_.join();
    }

private:
    std::atomic<bool> ended_ = false;
    std::thread thread_;
};

constexpr auto* all_pieces =
    "select (select sum(stock) from products) + (select coalesce(sum(quantity), 0) from order_items"
    " join orders on id = order_id where status = 'placed')";

}  // namespace

TEST_CASE("every acknowledged deactivation cancels its orders once, whatever is killed meanwhile") {
    const int kills = at_scale(3, 20);
    const int users = 6 * kills;
    RunningServer server(
        {.seeded = true, .tables = "[events]\nlease_seconds = 1\nfirst_retry_ms = 10\n"});
    const auto port = server.port();
    REQUIRE(server.deployment()
                .run({"admin", "create", "--email", "root@example.org", "--name", "Root",
                      "--password-stdin"},
                     std::string(password) + "\n")
                .status == 0);
    const auto admin = log_in(port, "root@example.org", password);
    std::vector<Customer> customers;
    for (int user = 0; user < users; ++user) {
        customers.push_back(register_customer(port, "user" + std::to_string(user), password));
        for (int order = 0; order < 2; ++order)
            REQUIRE(post(port, "/orders", order_of_two, customers.back().token)->status == 201);
    }
    Tables tables(server.deployment());
    const auto pieces = tables.number(all_pieces);
    const auto buyer = register_customer(port, "buyer", password);

    Deactivations deactivations(port, admin.token, customers);
    {
        const Buying load(port, buyer);
        auto worker = server.first_worker();
        for (int killed = 1; killed <= kills; ++killed) {
            deactivations.wait_for(killed * users / (kills + 1));
            ::kill(worker, SIGKILL);
            worker = server.next_worker();
        }
        deactivations.join();
    }
    const bool delivered = tables.wait_for_none("event_deliveries where state = 'pending'");

    CHECK(deactivations.acknowledged() == users);
    CHECK(delivered);
    CHECK(tables.number("select count(*) from event_deliveries") == 0);
    CHECK(tables.number("select count(*) from users where active = false") == users);
    CHECK(tables.number("select count(*) from orders where status = 'cancelled'") == 2 * users);
    CHECK(tables.number("select count(*) from orders join users on users.id = customer_id"
                        " where active = false and status = 'placed'") == 0);
    CHECK(tables.number(all_pieces) == pieces);
    CHECK(server.deployment().run({"events", "list"}).output == "every event is delivered\n");
}
