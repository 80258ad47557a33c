/* Logs an int, an unsigned, a short string and a double so many times in one function, for
 * callgrind to count what happens in it. Needs no daemon: messages stay in the buffer.
 *
 * usage: one_call CALLS ROUNDS */
#include <dlt/dlt.h>
#include <stdlib.h>
#include <unistd.h>

DLT_DECLARE_CONTEXT(context)

__attribute__((noinline)) void counted_calls(long calls)
{
    for (long i = 0; i < calls; i++)
        DLT_LOG(context, DLT_LOG_INFO, DLT_INT(-(int)i), DLT_UINT((unsigned)i),
                DLT_STRING("short str"), DLT_FLOAT64(0.5));
}

int main(int argc, char **argv)
{
    long calls = argc > 1 ? atol(argv[1]) : 100;
    long rounds = argc > 2 ? atol(argv[2]) : 20;
    DLT_REGISTER_APP("ONEC", "one call");
    DLT_REGISTER_CONTEXT_LL_TS(context, "CTX", "context", DLT_LOG_INFO, DLT_TRACE_STATUS_OFF);
    for (long round = 0; round < rounds; round++) {
        /* A thread's first message gets it its memory, the first after a pause may wake and tell
         * the time anew: that is not the call's own. */
        for (int i = 0; i < 3; i++) {
            DLT_LOG(context, DLT_LOG_INFO, DLT_STRING("warm"));
            usleep(6000);
        }
        DLT_LOG(context, DLT_LOG_INFO, DLT_STRING("warm"));
        counted_calls(calls);
    }
    /* The library would wait for a daemon at exit. */
    _exit(0);
}
