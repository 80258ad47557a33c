/* SPDX-License-Identifier: MPL-2.0 */
#include "models/shared_queue.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace models {

SharedQueue::SharedQueue(std::size_t workers, log::Logs& logs) : handlers_(workers, logs)
{
    for (std::size_t self = 0; self < workers; self++) {
        threads_.emplace_back([this, self] {
            while (const auto event = queue_.pop())
                handlers_.handle(*event, self);
        });
    }
}

SharedQueue::~SharedQueue()
{
    queue_.close();
}

void SharedQueue::addEvent(Event event)
{
    handlers_.accepted(event);
    queue_.push(std::move(event));
}

nlohmann::json SharedQueue::counts() const
{
    return {{"handled", handlers_.handled()}};
}

} // namespace models
