#include "routes.hpp"

namespace sample {
namespace {

Result<Created<Item>> add(Service& items, Caller caller, Body<WantedItem> wanted) {
    return items.add(caller.id, *wanted);
}

Result<Listing<Item>> list(Service& items, Caller caller, Page page) {
    return items.list(caller.id, page);
}

Result<Item> show(Service& items, Caller caller, Path<"id", ItemId> id) {
    return items.find(caller.id, *id);
}

Result<Item> change(Service& items, Caller caller, Path<"id", ItemId> id, Body<WantedItem> wanted) {
    return items.change(caller.id, *id, *wanted);
}

Result<Done> remove(Service& items, Caller caller, Path<"id", ItemId> id) {
    return items.remove(caller.id, *id);
}

}  // namespace

void routes(Routes<Service>& on) {
    on.post("/sample", add).scope("sample:write").summary("Add an item");
    on.get("/sample", list).scope("sample:read").summary("List own items by name");
    on.get("/sample/{id}", show).scope("sample:read").summary("Show an own item");
    on.put("/sample/{id}", change).scope("sample:write").summary("Change an own item");
    on.del("/sample/{id}", remove).scope("sample:write").summary("Remove an own item");
}

}  // namespace sample
