/* SPDX-License-Identifier: MPL-2.0 */
/* A callback that throws: nobody is there to catch it, so the program ends as by std::terminate.
 * With "static", logs in the constructor and the destructor of a static object instead. */
#include <dlt/dlt.h>

#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <unistd.h>

static DltContext context;

extern "C" {
static void throws(char *, uint8_t, uint8_t)
{
    throw std::runtime_error("thrown on purpose");
}
}

static bool is_used;

/* Made before the library was started, so it goes behind it. */
static struct Early {
    bool is_there;

    Early() : is_there(true) {}

    ~Early()
    {
        if (is_used) {
            std::printf("early %d\n", dlt_log_uint(&context, DLT_LOG_INFO, 3));
            dlt_unregister_context(&context);
            dlt_unregister_app();
        }
    }
} early;

/* Starts the library, as a static object's constructor may; so it goes before it. */
static struct Late {
    Late()
    {
        dlt_register_app("STAT", "static objects");
        dlt_register_context_ll_ts(&context, "STAT", "static objects", DLT_LOG_INFO,
                                   DLT_TRACE_STATUS_OFF);
        dlt_log_uint(&context, DLT_LOG_INFO, 1);
    }

    ~Late()
    {
        if (is_used)
            std::printf("late %d\n", dlt_log_uint(&context, DLT_LOG_INFO, 2));
    }
} late;

int main(int argc, char **argv)
{
    if (argc > 1 && std::strcmp(argv[1], "static") == 0) {
        is_used = true;
        return 0;
    }
    dlt_register_app("THRW", "throws");
    dlt_register_context_llccb(&context, "THRW", "throws", throws);
    for (;;)
        pause();
}
