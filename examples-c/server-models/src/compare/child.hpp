/* SPDX-License-Identifier: MPL-2.0 */
// A program that is started, read from, and ended.
#pragma once

#include "net/descriptor.hpp"

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace models::compare {

class Child {
public:
    // With these variables in its environment, besides ours; what it writes on standard output, or on
    // standard error, can be read.
    enum class Reads { standardOutput, standardError };
    Child(const std::vector<std::string>& command, const std::map<std::string, std::string>& variables,
          Reads reads);
    // Ends it, by force if it still runs.
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    pid_t pid() const { return pid_; }

    // The next line, which comes at some time; empty at the end of its output.
    std::string line();

    // Asks it to end, and gives all lines it still has to say.
    std::vector<std::string> stop();

    std::size_t threads() const;
    double processorSeconds() const;

private:
    pid_t pid_ = -1;
    net::Descriptor output_;
    std::string read_;
};

} // namespace models::compare
