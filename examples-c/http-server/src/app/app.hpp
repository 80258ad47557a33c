// The demonstration: what the server serves.
#pragma once

#include "config.hpp"
#include "server.hpp"

namespace eventcore::app {

// Throws std::runtime_error for a directory or a token that cannot be read.
void install(Server& server, const AppConfig& config);

// Each adds the routes of its part.
void add_pages(Router& router);
void add_users(Router& router);
void add_files(Router& router, const std::string& directory);
void add_metrics(Router& router, const Server& server);
void add_admin(Router& router, const std::string& token_file);

}  // namespace eventcore::app
