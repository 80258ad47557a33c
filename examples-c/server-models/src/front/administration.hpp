/* SPDX-License-Identifier: MPL-2.0 */
// What an administrator can do without a connection, through the daemon:
//
//   dlt-control -l 5 -a SRVM -c DISP localhost                      the level of a component
//   dlt-control -s 4096 -m priority -a SRVM -c ADMN localhost       the order of the coroutines
//   dlt-control -s 4097 -m now -a SRVM -c ADMN localhost            the counts, into the log
//   dlt-control -s 4098 -m now -a SRVM -c ADMN localhost            the end, with all answers
#pragma once

#include "front/front_end.hpp"

namespace models {

class Administration {
public:
    enum Service : std::uint32_t { setPolicy = 4096, showCounts = 4097, stop = 4098 };

    // From now on, until the context of administration is gone.
    Administration(FrontEnd& front, Server& server, log::Logs& logs);
    Administration(const Administration&) = delete;
    Administration& operator=(const Administration&) = delete;

private:
    static int called(std::uint32_t service, void* data, std::uint32_t size, void* self);
    void carryOut(std::uint32_t service, const std::string& text);

    FrontEnd& front_;
    Server& server_;
    log::Logs& logs_;
};

} // namespace models
