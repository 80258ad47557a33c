#include "app/app.hpp"

namespace eventcore::app {

void install(Server& server, const AppConfig& config)
{
    Router& router = server.router();
    router.use([](const Request&, Response& response) {
        response.set("X-Content-Type-Options", "nosniff");
        return true;
    });
    add_pages(router);
    add_users(router);
    add_metrics(router, server);
    if (!config.static_dir.empty()) {
        add_files(router, config.static_dir);
    }
    if (!config.admin_token_file.empty()) {
        add_admin(router, config.admin_token_file);
    }
}

}  // namespace eventcore::app
