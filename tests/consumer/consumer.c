/* SPDX-License-Identifier: MPL-2.0 */
/* A program outside the tree: it knows the installed files alone, ours or Debian's. */
#include <dlt.h>
#include <dlt/dlt.h>

DLT_DECLARE_CONTEXT(consumer)

int main(int argc, char **argv)
{
    /* Into a file, so that it needs no daemon. libdlt writes nothing before it has a limit. */
    if (argc != 2 || dlt_init_file(argv[1]) < 0 || dlt_set_filesize_max(1 << 20) < 0)
        return 1;
    DLT_REGISTER_APP("CONS", "consumer");
    DLT_REGISTER_CONTEXT(consumer, "INST", "installed");
    DLT_LOG(consumer, DLT_LOG_INFO, DLT_STRING("logged from C"), DLT_INT(42));
    DLT_UNREGISTER_CONTEXT(consumer);
    DLT_UNREGISTER_APP();
    return dlt_free() < 0;
}
