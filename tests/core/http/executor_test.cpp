#include "http/executor.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <future>
#include <latch>
#include <mutex>
#include <semaphore>
#include <thread>

using namespace bulkhead;
using namespace bulkhead::http;
using namespace std::chrono_literals;

namespace {

/// Runs what the test says and notes down what the executor did with each exchange.
class Recorder final : public Workload {
public:
    std::function<void(const Exchange&, Reply&)> act = [](const Exchange&, Reply&) {};

    void run(const Exchange& exchange, Answer& answer) override {
        note("run " + exchange.request_id);
        act(exchange, answer.reply);
    }
    void deliver(Exchange& exchange) override { end("deliver " + exchange.request_id); }
    void expire(Exchange& exchange) override { end("expire " + exchange.request_id); }
    void abandon(Exchange& exchange) override { end("abandon " + exchange.request_id); }

    void await(int answers) {
        while (answers-- > 0)
            answered_.acquire();
    }
    std::vector<std::string> notes() {
        const std::scoped_lock lock(mutex_);
        return notes_;
    }

private:
    void note(std::string text) {
        const std::scoped_lock lock(mutex_);
        notes_.push_back(std::move(text));
    }
    void end(std::string text) {
        note(std::move(text));
        answered_.release();
    }

    std::mutex mutex_;
    std::vector<std::string> notes_;
    std::counting_semaphore<> answered_{0};
};

/// A door that handlers wait at: arrived() returns once one stands there.
class Door {
public:
    void pass() {
        arrived_.release();
        open_.get_future().wait();
    }
    void await_arrival() { arrived_.acquire(); }
    void open() { open_.set_value(); }

private:
    std::binary_semaphore arrived_{0};
    std::promise<void> open_;
};

std::shared_ptr<Exchange> named(std::string name) {
    auto exchange = std::make_shared<Exchange>();
    exchange->request_id = std::move(name);
    return exchange;
}

const std::vector<Compartment> two_rooms{{"a", 1, 2}, {"b", 1, 2}};

}  // namespace

TEST_CASE("what was admitted runs first come, first served") {
    Recorder recorder;
    {
        const std::vector<Compartment> one_room{{"a", 1, 9}};
        Executor executor(2, one_room, recorder);
        for (const auto* name : {"1", "2", "3"})
            executor.submit(0, named(name));
        recorder.await(3);
    }

    CHECK(recorder.notes() == std::vector<std::string>{"run 1", "deliver 1", "run 2", "deliver 2",
                                                       "run 3", "deliver 3"});
}

TEST_CASE("the reply that the handler wrote becomes the exchange's own") {
    Recorder recorder;
    recorder.act = [](const Exchange&, Reply& reply) {
        CHECK(reply.status == 200);
        CHECK(reply.body.empty());
        reply.status = 201;
        reply.body = "made";
    };
    Executor executor(1, two_rooms, recorder);
    const auto first = named("1");
    const auto second = named("2");

    executor.submit(0, first);
    executor.submit(0, second);
    recorder.await(2);

    CHECK(first->reply.body == "made");
    CHECK(second->reply.status == 201);
}

TEST_CASE("a full compartment refuses and counts, and its neighbour does not notice") {
    Recorder recorder;
    Door door;
    recorder.act = [&](const Exchange& exchange, Reply&) {
        if (exchange.request_id == "slow")
            door.pass();
    };
    Executor executor(2, two_rooms, recorder);
    executor.submit(0, named("slow"));
    door.await_arrival();

    CHECK(executor.submit(0, named("waiting 1")));
    CHECK(executor.submit(0, named("waiting 2")));
    CHECK_FALSE(executor.submit(0, named("too many")));
    CHECK(executor.submit(1, named("neighbour")));
    recorder.await(1);
    const auto statistics = executor.statistics();
    door.open();
    recorder.await(3);

    CHECK(recorder.notes()[2] == "deliver neighbour");
    CHECK(statistics[0].module == "a");
    CHECK(statistics[0].running == 1);
    CHECK(statistics[0].queued == 2);
    CHECK(statistics[0].refused == 1);
    CHECK(statistics[1].refused == 0);
}

TEST_CASE("the modules take turns, however many requests one of them has") {
    Recorder recorder;
    Door door;
    recorder.act = [&](const Exchange& exchange, Reply&) {
        if (exchange.request_id == "first")
            door.pass();
    };
    const std::vector<Compartment> rooms{{"a", 9, 9}, {"b", 9, 9}};
    Executor executor(1, rooms, recorder);
    executor.submit(0, named("first"));
    door.await_arrival();
    for (const auto* name : {"a1", "a2", "a3"})
        executor.submit(0, named(name));
    for (const auto* name : {"b1", "b2"})
        executor.submit(1, named(name));

    door.open();
    recorder.await(6);

    std::vector<std::string> order;
    for (const auto& note : recorder.notes())
        if (note.starts_with("run "))
            order.push_back(note.substr(4));
    CHECK(order == std::vector<std::string>{"first", "b1", "a1", "b2", "a2", "a3"});
}

TEST_CASE("a running handler that is overdue is expired, and its late reply is dropped") {
    Recorder recorder;
    Door door;
    std::latch ended(1);
    recorder.act = [&](const Exchange&, Reply& reply) {
        door.pass();
        reply.body = "late";
        ended.count_down();
    };
    const auto exchange = named("slow");
    exchange->progress.deadline = Executor::Clock::now() + 1h;
    std::int64_t running_after_expiry = 0;
    {
        Executor executor(1, two_rooms, recorder);
        executor.submit(0, exchange);
        door.await_arrival();

        executor.expire(Executor::Clock::now() + 2h);
        running_after_expiry = executor.statistics()[0].running;
        door.open();
        ended.wait();
    }

    CHECK(running_after_expiry == 1);
    CHECK(exchange->timed_out);
    CHECK(exchange->reply.body.empty());
    CHECK(recorder.notes() == std::vector<std::string>{"run slow", "expire slow"});
}

TEST_CASE("a handler that returns after its deadline is expired, whoever notices first") {
    Recorder recorder;
    const auto late = named("late");
    late->progress.deadline = Executor::Clock::now() + 50ms;
    recorder.act = [&](const Exchange&, Reply&) {
        while (Executor::Clock::now() < late->progress.deadline) {
        }
    };
    {
        Executor executor(1, two_rooms, recorder);
        executor.submit(0, late);
    }

    CHECK(recorder.notes().back() == "expire late");
}

TEST_CASE("a handler that has expired keeps its place until it returns") {
    Recorder recorder;
    Door door;
    recorder.act = [&](const Exchange& exchange, Reply&) {
        if (exchange.request_id == "slow")
            door.pass();
    };
    const auto slow = named("slow");
    slow->progress.deadline = Executor::Clock::now() + 1h;
    Executor executor(2, two_rooms, recorder);
    executor.submit(0, slow);
    door.await_arrival();
    executor.submit(0, named("next"));

    executor.expire(Executor::Clock::now() + 2h);
    const auto before = executor.statistics()[0];
    door.open();
    recorder.await(2);

    CHECK(before.running == 1);
    CHECK(before.queued == 1);
    CHECK(recorder.notes().back() == "deliver next");
}

TEST_CASE("a request that is overdue while it waits never runs") {
    Recorder recorder;
    Door door;
    recorder.act = [&](const Exchange&, Reply&) { door.pass(); };
    const auto waiting = named("waiting");
    waiting->progress.deadline = Executor::Clock::now() + 1h;
    {
        Executor executor(1, two_rooms, recorder);
        executor.submit(0, named("slow"));
        door.await_arrival();
        executor.submit(0, waiting);

        executor.expire(Executor::Clock::now() + 2h);
        CHECK(executor.statistics()[0].queued == 0);
        door.open();
    }

    CHECK_FALSE(waiting->timed_out);
    CHECK(recorder.notes() ==
          std::vector<std::string>{"run slow", "expire waiting", "deliver slow"});
}

TEST_CASE("a request whose client goes while it waits never runs") {
    Recorder recorder;
    Door door;
    recorder.act = [&](const Exchange&, Reply&) { door.pass(); };
    const auto waiting = named("waiting");
    {
        Executor executor(1, two_rooms, recorder);
        executor.submit(0, named("slow"));
        door.await_arrival();
        executor.submit(0, waiting);

        std::atomic_ref(waiting->abandoned) = true;
        door.open();
    }

    CHECK(recorder.notes() ==
          std::vector<std::string>{"run slow", "deliver slow", "abandon waiting"});
}

TEST_CASE("deadlines pass by themselves, the earliest first") {
    Recorder recorder;
    Door door;
    recorder.act = [&](const Exchange&, Reply&) { door.pass(); };
    Executor executor(1, two_rooms, recorder);
    executor.submit(0, named("slow"));
    door.await_arrival();
    const auto later = named("later");
    const auto sooner = named("sooner");
    const auto start = Executor::Clock::now();
    later->progress.deadline = start + 20ms;
    sooner->progress.deadline = start + 10ms;

    executor.submit(1, later);
    executor.submit(1, sooner);
    recorder.await(2);
    const auto notes = recorder.notes();
    door.open();
    recorder.await(1);

    CHECK(notes == std::vector<std::string>{"run slow", "expire sooner", "expire later"});
}

TEST_CASE("the next deadline is known, and there is none where nothing is due") {
    Recorder recorder;
    Door door;
    recorder.act = [&](const Exchange&, Reply&) { door.pass(); };
    const auto exchange = named("slow");
    exchange->progress.deadline = Executor::Clock::now() + 1h;
    Executor executor(1, two_rooms, recorder);
    executor.submit(0, exchange);
    door.await_arrival();

    const auto next = executor.expire(Executor::Clock::now());
    const auto after = executor.expire(exchange->progress.deadline);
    door.open();

    CHECK(next == exchange->progress.deadline);
    CHECK(after == Executor::Clock::time_point::max());
}

TEST_CASE("an executor ends only when all that was admitted has run") {
    Recorder recorder;
    {
        Executor executor(1, two_rooms, recorder);
        executor.submit(0, named("1"));
        executor.submit(0, named("2"));
        executor.submit(1, named("3"));
    }

    CHECK(recorder.notes().size() == 6);
}

TEST_CASE("every admitted exchange is answered once while submitters and deadlines race") {
    Recorder recorder;
    const std::vector<Compartment> rooms{{"a", 2, 50}, {"b", 2, 50}};
    std::atomic<int> admitted = 0;
    {
        Executor executor(3, rooms, recorder);
        const auto submit_many = [&](std::size_t room) {
            for (int count = 0; count < 500; ++count) {
                const auto exchange = named("x");
                exchange->progress.deadline = Executor::Clock::now() + 50us * (count % 4);
                admitted += executor.submit(room, exchange) ? 1 : 0;
            }
        };
        std::thread first(submit_many, 0);
        std::thread second(submit_many, 1);
        first.join();
        second.join();
        recorder.await(admitted);
    }

    const auto notes = recorder.notes();
    CHECK(std::ranges::count_if(
              notes, [](const auto& note) { return !note.starts_with("run "); }) == admitted);
}
