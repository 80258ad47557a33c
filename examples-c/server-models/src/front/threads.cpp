/* SPDX-License-Identifier: MPL-2.0 */
#include "front/threads.hpp"

#include <filesystem>
#include <iterator>

namespace models {

std::size_t threadsOfThisProcess()
{
    std::error_code none;
    const std::filesystem::directory_iterator tasks("/proc/self/task", none);
    return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

} // namespace models
