/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Calls the file transfer functions as the lines of standard input say, a word each for function
 * and arguments ("-" is NULL), and answers each with what the function returned.
 *
 * Compiled with libdlt's headers, so what libdlt 2.18.8 does not have is looked up.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dlt/dlt.h>
#include <dlt/dlt_filetransfer.h>

/* Exported by the library, and used by dlt-system, without a declaration. */
extern uint32_t getFileSerialNumber(const char *file, int *ok);

static DltContext context;

static int cancelable(const char *file, int package, int timeout, bool cancelled)
{
    int (*call)(DltContext *, const char *, int, int, bool *) = NULL;
    void *symbol = dlsym(RTLD_DEFAULT, "dlt_user_log_file_data_cancelable");

    if (symbol == NULL)
        return 1;
    memcpy(&call, &symbol, sizeof(call));
    return call(&context, file, package, timeout, &cancelled);
}

static long call(const char *function, const char *file, const char *word, int timeout)
{
    int number = word ? atoi(word) : 0;

    if (!strcmp(function, "count"))
        return dlt_user_log_file_packagesCount(&context, file);
    if (!strcmp(function, "info"))
        return dlt_user_log_file_infoAbout(&context, file);
    if (!strcmp(function, "header"))
        return dlt_user_log_file_header(&context, file);
    if (!strcmp(function, "alias"))
        return dlt_user_log_file_header_alias(&context, file, word);
    if (!strcmp(function, "data"))
        return dlt_user_log_file_data(&context, file, number, timeout);
    if (!strcmp(function, "cancelled"))
        return cancelable(file, number, timeout, true);
    if (!strcmp(function, "cancelable"))
        return cancelable(file, number, timeout, false);
    if (!strcmp(function, "end"))
        return dlt_user_log_file_end(&context, file, number);
    if (!strcmp(function, "complete"))
        return dlt_user_log_file_complete(&context, file, number, timeout);
    if (!strcmp(function, "serial")) {
        int ok = 7;
        uint32_t serial = getFileSerialNumber(file, &ok);

        return ok == 1 ? (long)serial : ok - 2;
    }
    if (!strcmp(function, "none")) { /* a context that is not registered */
        memset(&context, 0, sizeof(context));
        return 0;
    }
    fprintf(stderr, "unknown: %s\n", function);
    exit(2);
}

int main(int argc, char **argv)
{
    char line[8192];

    dlt_register_app("TRAN", "File transfer");
    dlt_register_context_ll_ts(&context, "FILE", "Files", argc > 1 ? atoi(argv[1]) : DLT_LOG_INFO,
                               DLT_TRACE_STATUS_OFF);
    while (fgets(line, sizeof(line), stdin)) {
        char *words[4] = { NULL, NULL, NULL, NULL };
        char *rest = line;
        long result;
        int i;

        for (i = 0; i < 4; i++) {
            words[i] = strtok(rest, " \n");
            rest = NULL;
            if (words[i] && !strcmp(words[i], "-"))
                words[i] = NULL;
        }
        result = call(words[0], words[1], words[2], words[3] ? atoi(words[3]) : 0);
        printf("%ld\n", result);
        fflush(stdout);
    }
    dlt_unregister_context(&context);
    dlt_unregister_app();
    return 0;
}
