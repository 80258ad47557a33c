/* SPDX-License-Identifier: MPL-2.0 */
// A task, and so a thread, for every event; none waits in a queue. At most so many are there at a
// time: whoever brings one more waits until one has ended, or a flood would take all threads that
// there are.
#pragma once

#include "models/handling.hpp"
#include "models/server.hpp"

#include <condition_variable>
#include <future>
#include <mutex>

namespace models {

class TaskPerRequest final : public Server {
public:
    TaskPerRequest(std::size_t tasks, log::Logs& logs);

    void addEvent(Event event) override;
    nlohmann::json counts() const override;

private:
    std::size_t takePlace();
    void leave(std::size_t place);

    Handlers handlers_;
    std::atomic<std::uint64_t> withoutThread_ = 0;
    std::mutex mutex_;
    std::condition_variable left_;
    std::vector<std::size_t> free_;
    // The last task of each place. Their destructors wait for them.
    std::vector<std::future<void>> tasks_;
};

} // namespace models
