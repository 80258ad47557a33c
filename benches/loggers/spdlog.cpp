/* spdlog's asynchronous logger: its own defaults (8192 messages, the caller waits for room), one
 * worker, text to /dev/null. */
#include <spdlog/async.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

static std::shared_ptr<spdlog::logger> logger;

#define LOG_ONE(i) \
    logger->info("{} {} {} {}", -(int)(i), (unsigned)(i), "short str", 3.14159 * (double)(i))

static void thread_begin()
{
}

static void all_delivered()
{
    /* The pool empties its queue before it ends. */
    logger.reset();
    spdlog::shutdown();
}

#include "burst.h"

int main(int argc, char **argv)
{
    logger = spdlog::basic_logger_mt<spdlog::async_factory>("bench", "/dev/null");
    measure(argc, argv);
    return 0;
}
