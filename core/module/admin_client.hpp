#pragma once

#include "module/admin_messages.hpp"

namespace bulkhead::module {

/// Asks the server of this configuration and returns its last answer; `on_answer` gets those before
/// it as they come. Empty when no server runs. Refused when its socket may not be opened by this
/// user, or it says nothing for `patience`, or ends meanwhile.
Result<std::optional<AdminAnswer>> ask(const Configuration& configuration,
                                       const AdminRequest& request, std::chrono::seconds patience,
                                       const std::function<void(const AdminAnswer&)>& on_answer);

}  // namespace bulkhead::module
