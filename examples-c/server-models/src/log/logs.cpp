/* SPDX-License-Identifier: MPL-2.0 */
#include "log/logs.hpp"

namespace models::log {

Application::Application(bool logging) : logging_(logging)
{
    if (logging_)
        dlt_register_app(Logs::applicationId, "five ways to serve one protocol");
}

Application::~Application()
{
    if (logging_)
        dlt_unregister_app_flush_buffered_logs();
}

} // namespace models::log
