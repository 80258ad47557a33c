// Asking the daemon, as dlt-control does.
#pragma once

#include <dlt.h>

#include <string>

namespace eventcore {

// Has one context's level changed: it is the daemon's to keep, and the daemon that tells the library.
// False when there is no daemon on this machine, or it does not answer that it has.
bool ask_for_level(std::string context, DltLogLevelType level);

}  // namespace eventcore
