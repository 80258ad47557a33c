/* SPDX-License-Identifier: MPL-2.0 */
#include "models/inlined.hpp"

#include <nlohmann/json.hpp>

namespace models {

void Inlined::addEvent(Event event)
{
    handlers_.accepted(event);
    handlers_.handle(event, 0);
}

nlohmann::json Inlined::counts() const
{
    return {{"handled", handlers_.handled()}};
}

} // namespace models
