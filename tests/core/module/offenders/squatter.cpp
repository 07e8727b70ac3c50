// Claims the route of another module, and one that does not say who may call it.
#include <bulkhead/module.hpp>

namespace {

struct Service {};

bulkhead::Result<bulkhead::Done> show(Service&, bulkhead::Path<"label", std::string>) {
    return bulkhead::Done{};
}

bulkhead::Result<bulkhead::Done> hide(Service&) {
    return bulkhead::Done{};
}

void routes(bulkhead::Routes<Service>& on) {
    on.get("/shelves/{label}", show).scope("shelves:read").summary("Show a shelf by its label");
    on.post("/hidden", hide).summary("Hide");
}

class SquatterModule final : public bulkhead::Module {
public:
    explicit SquatterModule(bulkhead::Core& core) { core.serve(routes, service_); }

private:
    Service service_;
};

}  // namespace

BULKHEAD_MODULE(.name = "squatter", .version = "1.0.0", .start = bulkhead::start<SquatterModule>)
