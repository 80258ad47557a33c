/* SPDX-License-Identifier: MPL-2.0 */
// How many threads this process has.
#pragma once

#include <cstddef>

namespace models {

std::size_t threadsOfThisProcess();

} // namespace models
