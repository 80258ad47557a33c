/* SPDX-License-Identifier: MPL-2.0 */
#include "models/static_pool.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace models {

StaticPool::StaticPool(std::size_t workers, log::Logs& logs)
    : handlers_(workers, logs), queues_(workers)
{
    for (std::size_t self = 0; self < workers; self++) {
        threads_.emplace_back([this, self] {
            while (const auto event = queues_[self].pop())
                handlers_.handle(*event, self);
        });
    }
}

StaticPool::~StaticPool()
{
    for (auto& queue : queues_)
        queue.close();
}

void StaticPool::addEvent(Event event)
{
    handlers_.accepted(event);
    queues_[requestCounter_++ % queues_.size()].push(std::move(event));
}

nlohmann::json StaticPool::counts() const
{
    return {{"handled", handlers_.handled()}};
}

} // namespace models
