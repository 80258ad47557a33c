/* SPDX-License-Identifier: MPL-2.0 */
#include "models/server.hpp"

#include "models/coroutines.hpp"
#include "models/inlined.hpp"
#include "models/shared_queue.hpp"
#include "models/static_pool.hpp"
#include "models/task_per_request.hpp"

#include <algorithm>
#include <thread>

namespace models {

const std::vector<std::pair<std::string, Model>>& modelNames()
{
    static const std::vector<std::pair<std::string, Model>> names = {
        {"static-pool", Model::staticPool},
        {"shared-queue", Model::sharedQueue},
        {"task-per-request", Model::taskPerRequest},
        {"inline", Model::inlined},
        {"coroutines", Model::coroutines},
    };
    return names;
}

std::unique_ptr<Server> makeServer(Model model, const ServerOptions& options, log::Logs& logs)
{
    const std::size_t processors = std::max(1u, std::thread::hardware_concurrency());
    const auto workers = options.workers ? options.workers : processors;
    switch (model) {
    case Model::staticPool: return std::make_unique<StaticPool>(workers, logs);
    case Model::sharedQueue: return std::make_unique<SharedQueue>(workers, logs);
    case Model::taskPerRequest: return std::make_unique<TaskPerRequest>(options.tasks, logs);
    case Model::inlined: return std::make_unique<Inlined>(logs);
    case Model::coroutines: break;
    }
    const auto policy = policyNamed(options.policy).value_or(Policy::fifo);
    return std::make_unique<Coroutines>(workers, policy, logs);
}

} // namespace models
