/* SPDX-License-Identifier: MPL-2.0 */
/* The same in C++, with the extension where it is installed. */
#include <dlt/dlt.h>
#if __has_include(<dlt_cpp_extension.hpp>)
#include <dlt_cpp_extension.hpp>
#define LOG(...) DLT_LOG_CXX(consumer, DLT_LOG_INFO, __VA_ARGS__)
#else
#define LOG(text, number) \
    DLT_LOG(consumer, DLT_LOG_INFO, DLT_STRING(text), DLT_INT(number))
#endif

DLT_DECLARE_CONTEXT(consumer)

int main(int argc, char **argv)
{
    if (argc != 2 || dlt_init_file(argv[1]) < 0 || dlt_set_filesize_max(1 << 20) < 0)
        return 1;
    DLT_REGISTER_APP("CONS", "consumer");
    DLT_REGISTER_CONTEXT(consumer, "INST", "installed");
    LOG("logged from C++", 42);
    DLT_UNREGISTER_CONTEXT(consumer);
    DLT_UNREGISTER_APP();
    return dlt_free() < 0;
}
