#pragma once
// Customers who browse and buy while a server or its database is killed: they forgive a 503, and
// nothing else.

#include "support/deployment.hpp"
#include "support/raw_client.hpp"

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <thread>

struct Customer {
    std::string id;
    std::string token;
};

/// One request on a connection of its own; empty when it ends before the answer is whole.
std::optional<RawResponse> ask(std::uint16_t port, const std::string& method,
                               const std::string& path, const std::string& body = {},
                               const std::string& token = {});

/// Both throw unless the server does it at once.
Customer log_in(std::uint16_t port, const std::string& email, const std::string& password);
Customer register_customer(std::uint16_t port, const std::string& name,
                           const std::string& password);

/// Whether the server may be gone while they shop, or must answer every request.
enum class Silence : std::uint8_t { refused, forgiven };

/// Each shops on a thread of its own until stop(): the catalogue, the own orders, then an order
/// that no other one of this customer is like. Who gets no 201 looks into the own orders before
/// trying again.
class Shoppers {
public:
    Shoppers(std::uint16_t port, int customers, Silence silence);
    ~Shoppers();
    Shoppers(const Shoppers&) = delete;
    Shoppers& operator=(const Shoppers&) = delete;

    /// Waits until so many more orders are acknowledged; throws when that takes 60 s.
    void wait_for_orders(int more);
    /// Waits until so many more answers are a 503 or 504; throws when that takes 60 s.
    void wait_for_refusals(int more);
    /// While it is held, nobody concludes from the own orders that one was not taken.
    std::unique_lock<std::shared_mutex> while_nobody_looks() { return std::unique_lock(looking_); }
    /// Each ends the order that it is at.
    void stop();

    /// The ids of all orders that were acknowledged, one for each order that was wanted.
    std::vector<std::string> acknowledged() const;
    int refusals() const { return refusals_; }
    /// What no client should ever see, one sentence each: an answer that is neither right nor a 503
    /// or 504 in the envelope; none at all; an order that exists twice.
    std::string complaints() const;

private:
    struct Wanted {
        int first, second;  ///< quantities: together they tell one order from another
        std::string body() const;
    };

    void shop(const Customer& customer);
    void buy(const Customer& customer, const Wanted& wanted);
    std::optional<std::string> look_for(const Customer& customer, const Wanted& wanted);
    std::optional<RawResponse> request(const std::string& method, const std::string& path,
                                       const std::string& body, const Customer& customer);
    void judge(const std::string& what, const RawResponse& answer);
    void complain(const std::string& sentence);
    void wait_for(const std::atomic<int>& counter, int more);

    const std::uint16_t port_;
    const Silence silence_;
    std::shared_mutex looking_;
    std::atomic<bool> ended_ = false;
    std::atomic<int> orders_ = 0;
    std::atomic<int> refusals_ = 0;
    mutable std::mutex mutex_;  ///< guards what follows
    std::condition_variable changed_;
    std::vector<std::string> acknowledged_;
    std::vector<std::string> complaints_;
    std::vector<std::thread> threads_;
};
