/* SPDX-License-Identifier: MPL-2.0 */
// Runs every load over every model, with every way to log, and prints one table.
#pragma once

#include <chrono>
#include <map>
#include <string>

namespace models::compare {

struct CompareOptions {
    std::chrono::milliseconds time{1000}; // of each measurement
    unsigned runs = 1;                    // of which the median is taken, by throughput
    // Where each library is that is to be compared, by the name it has in the table. Nowhere is where
    // the program finds it by itself.
    std::map<std::string, std::string> libraries = {{"libdlt", ""}};
    std::string collector = "dlt-collect"; // takes the messages, and counts them
};

int compare(const CompareOptions& options);

} // namespace models::compare
