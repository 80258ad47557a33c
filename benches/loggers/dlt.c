/* The call of libdlt or libdlt-ng, whichever the program finds; with DLT_NG_INLINE and our headers
 * the writers are part of it. */
#include <dlt/dlt.h>

DLT_DECLARE_CONTEXT(context)

#define LOG_ONE(i) \
    DLT_LOG(context, DLT_LOG_INFO, DLT_INT(-(int)(i)), DLT_UINT((unsigned)(i)), \
            DLT_STRING("short str"), DLT_FLOAT64(3.14159 * (double)(i)))

static void thread_begin(void)
{
}

static void all_delivered(void)
{
    dlt_unregister_app_flush_buffered_logs();
}

#include "burst.h"

int main(int argc, char **argv)
{
    DLT_REGISTER_APP("PBEN", "bench of bursts");
    DLT_REGISTER_CONTEXT_LL_TS(context, "PCTX", "context", DLT_LOG_INFO, DLT_TRACE_STATUS_OFF);
    usleep(300000);
    measure(argc, argv);
    return 0;
}
