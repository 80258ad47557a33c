/* SPDX-License-Identifier: MPL-2.0 */
#include "front/administration.hpp"

namespace models {

Administration::Administration(FrontEnd& front, Server& server, log::Logs& logs)
    : front_(front), server_(server), logs_(logs)
{
    if (!logs.isOn())
        return;
    for (const auto service : {setPolicy, showCounts, stop}) {
        dlt_register_injection_callback_with_id(&logs.administration.handle(), service, called,
                                                this);
    }
}

// On a thread of the library, which is not to be held up.
int Administration::called(std::uint32_t service, void* data, std::uint32_t size, void* self)
{
    auto& administration = *static_cast<Administration*>(self);
    std::string text(static_cast<const char*>(data), size);
    // dlt-control sends the zero that ends a string in C, too.
    text.resize(text.find_last_not_of('\0') + 1);
    administration.front_.post([&administration, service, text = std::move(text)] {
        administration.carryOut(service, text);
    });
    return 0;
}

void Administration::carryOut(std::uint32_t service, const std::string& text)
{
    auto& log = logs_.administration;
    if (service == setPolicy) {
        if (server_.setPolicy(text))
            log(DLT_LOG_INFO, "policy", text);
        else
            log(DLT_LOG_WARN, "no such policy here", text);
    } else if (service == showCounts) {
        log(DLT_LOG_INFO, front_.statistics());
    } else {
        log(DLT_LOG_INFO, "stopped by injection");
        front_.stop();
    }
}

} // namespace models
