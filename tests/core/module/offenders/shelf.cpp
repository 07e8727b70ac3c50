// No offender: it owns the table shelves and offers a contract, for the others to trespass upon.
#include "shelf.hpp"

#include <bulkhead/module.hpp>

namespace {

class Shelf final : public offenders::Books {
public:
    int count() const override { return 3; }
};

bulkhead::Result<bulkhead::Done> show(Shelf&, bulkhead::Path<"id", std::int64_t>) {
    return bulkhead::Done{};
}

void routes(bulkhead::Routes<Shelf>& on) {
    on.get("/shelves/{id}", show).open().summary("Show a shelf");
}

class ShelfModule final : public bulkhead::Module {
public:
    explicit ShelfModule(bulkhead::Core& core) {
        core.offer<offenders::Books>(shelf_);
        core.serve(routes, shelf_);
    }

private:
    Shelf shelf_;
};

}  // namespace

BULKHEAD_MODULE(.name = "shelf", .version = "1.0.0", .start = bulkhead::start<ShelfModule>)
