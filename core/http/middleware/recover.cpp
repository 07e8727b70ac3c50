#include "http/middleware/recover.hpp"

#include "http/problem.hpp"

#include <exception>

namespace bulkhead::http {

namespace {

Error current_error() {
    try {
        throw;
    } catch (const Fault& fault) {
        return Error(fault.kind, fault.code, fault.message).with_detail(fault.what());
    } catch (const std::exception& failure) {
        return Error(ErrorKind::internal, "http.internal", "exception").with_detail(failure.what());
    } catch (...) {
        return Error(ErrorKind::internal, "http.internal", "exception")
            .with_detail("thrown, but no std::exception");
    }
}

}  // namespace

bool Recover::recover(const Exchange& exchange, Reply& reply) {
    reply = error_reply(current_error(), exchange.request.id);
    return true;
}

}  // namespace bulkhead::http
