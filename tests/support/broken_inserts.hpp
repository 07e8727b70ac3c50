#pragma once
// A fault within a transaction: from now on nothing can be inserted into one table.

#include "support/test_app.hpp"

#include <string>

namespace bulkhead::test {

class BrokenInserts {
public:
    BrokenInserts(TestApp& app, std::string table) : app_(app), table_(std::move(table)) {
        if (!on_postgresql()) {
            app_.execute("create trigger broken before insert on " + table_ +
                         " begin select raise(abort, 'the disk fell off'); end");
            return;
        }
        app_.execute(
            "create function fall_off() returns trigger language plpgsql as"
            " $body$ begin raise exception 'the disk fell off'; end $body$");
        app_.execute("create trigger broken before insert on " + table_ +
                     " for each row execute function fall_off()");
    }

    void mend() { app_.execute("drop trigger broken" + (on_postgresql() ? " on " + table_ : "")); }

private:
    TestApp& app_;
    std::string table_;
};

}  // namespace bulkhead::test
