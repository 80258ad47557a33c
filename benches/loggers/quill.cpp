/* quill with its own defaults: an unbounded queue a thread, time stamps from the counter, text to
 * /dev/null. QUILL_INCLUDE has to name the directory that holds quill/ (4.0 or newer). */
#include <quill/Backend.h>
#include <quill/Frontend.h>
#include <quill/LogMacros.h>
#include <quill/Logger.h>
#include <quill/sinks/FileSink.h>

static quill::Logger *logger;

#define LOG_ONE(i) \
    QUILL_LOG_INFO(logger, "{} {} {} {}", -(int)(i), (unsigned)(i), "short str", \
                   3.14159 * (double)(i))

static void thread_begin()
{
    quill::Frontend::preallocate();
}

static void all_delivered()
{
    logger->flush_log();
}

#include "burst.h"

int main(int argc, char **argv)
{
    quill::Backend::start();
    quill::FileSinkConfig to;
    to.set_open_mode('w');
    auto sink = quill::Frontend::create_or_get_sink<quill::FileSink>("/dev/null", to);
    logger = quill::Frontend::create_or_get_logger("bench", std::move(sink));
    measure(argc, argv);
    return 0;
}
