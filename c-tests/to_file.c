/* Logs a message into a file, and prints by a function with a variable number of arguments: what
 * depends on the processor, in a few lines. See ci/check-aarch64.
 *
 * usage: to_file FILE */
#include <dlt/dlt.h>
#include <syslog.h>

DLT_DECLARE_CONTEXT(context)

int main(int argc, char **argv)
{
    if (argc != 2 || dlt_init_file(argv[1]) != DLT_RETURN_OK)
        return 2;
    DLT_REGISTER_APP("A64", "to a file");
    DLT_REGISTER_CONTEXT(context, "CTX", "context");
    DLT_LOG(context, DLT_LOG_INFO, DLT_INT(-3), DLT_STRING("text of the other processor"),
            DLT_FLOAT64(0.5));
    if (dlt_vlog(LOG_WARNING, "%d and %s\n", 7, "eight") != DLT_RETURN_OK)
        return 3;
    DLT_UNREGISTER_CONTEXT(context);
    DLT_UNREGISTER_APP();
    return dlt_free() == DLT_RETURN_OK ? 0 : 4;
}
