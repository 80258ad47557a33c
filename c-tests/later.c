/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Names that libdlt 2.18.8 does not have: of later releases, and one of dlt_ng.h that only its inline
 * header uses. What is expected stands here.
 */
#include <dlt/dlt.h>
#include <dlt/dlt_ng.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "expect.h"

DltReturnValue dlt_user_log_out2_with_timeout(int handle, void *ptr1, size_t len1, void *ptr2,
                                              size_t len2);
DltReturnValue dlt_user_log_out3_with_timeout(int handle, void *ptr1, size_t len1, void *ptr2,
                                              size_t len2, void *ptr3, size_t len3);
const uint32_t *dlt_ng_local_limit(void);

static void answers(void)
{
    char text[] = "54 45 53 54 31 ";
    char id[8] = "#######";
    int at = 0;

    dlt_getloginfo_conv_ascii_to_string(text, &at, id, 4);
    EXPECT(memcmp(id, "TEST", 4) == 0);
    EXPECT(at == 12);
    dlt_getloginfo_conv_ascii_to_string(NULL, &at, id, 4);
    dlt_getloginfo_conv_ascii_to_string(text, NULL, id, 4);
    dlt_getloginfo_conv_ascii_to_string(text, &at, NULL, 4);
    dlt_getloginfo_conv_ascii_to_string(text, &at, id, 0);
}

static void pipes(void)
{
    char one[] = "one", two[] = "two", three[] = "three", got[32] = "";
    static char full[4096];
    int ends[2];

    EXPECT(pipe(ends) == 0);
    EXPECT(dlt_user_log_out2_with_timeout(ends[1], one, 3, two, 3) == DLT_RETURN_OK);
    EXPECT(dlt_user_log_out3_with_timeout(ends[1], one, 3, two, 3, three, 5) == DLT_RETURN_OK);
    EXPECT(dlt_user_log_out3_with_timeout(ends[1], one, 3, NULL, 0, NULL, 0) == DLT_RETURN_OK);
    EXPECT(read(ends[0], got, sizeof(got) - 1) == 20);
    EXPECT(strcmp(got, "onetwoonetwothreeone") == 0);
    EXPECT(dlt_user_log_out2_with_timeout(-1, one, 3, two, 3) < 0);
    EXPECT(dlt_user_log_out3_with_timeout(-1, one, 3, two, 3, three, 5) < 0);

    /* After a second in which nobody reads they give up. */
    EXPECT(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0);
    while (write(ends[1], full, sizeof(full)) > 0)
        ;
    EXPECT(dlt_user_log_out2_with_timeout(ends[1], one, 3, two, 3) < 0);
    EXPECT(dlt_user_log_out3_with_timeout(ends[1], one, 3, two, 3, three, 5) < 0);
    close(ends[0]);
    EXPECT(dlt_user_log_out2_with_timeout(ends[1], one, 3, two, 3) < 0);
    EXPECT(dlt_user_log_out3_with_timeout(ends[1], one, 3, two, 3, three, 5) < 0);
    close(ends[1]);
}

static void levels(void)
{
    DltReturnValue (*enabled)(DltContext *, DltLogLevelType);
    void *symbol = dlsym(RTLD_DEFAULT, "dlt_user_is_logLevel_enabled");
    DltContext context;

    /* In the headers it is inline, as it was before 2.18.11. */
    EXPECT(symbol != NULL);
    memcpy(&enabled, &symbol, sizeof(enabled));
    memset(&context, 0, sizeof(context));
    EXPECT(enabled(NULL, DLT_LOG_INFO) == DLT_RETURN_WRONG_PARAMETER);
    EXPECT(enabled(&context, DLT_LOG_INFO) == DLT_RETURN_WRONG_PARAMETER);
    EXPECT(dlt_register_app("LATE", "later names") == DLT_RETURN_OK);
    EXPECT(dlt_register_context(&context, "CTX", "a context") == DLT_RETURN_OK);
    EXPECT(enabled(&context, DLT_LOG_INFO) == DLT_RETURN_TRUE);
    EXPECT(enabled(&context, DLT_LOG_DEBUG) == DLT_RETURN_LOGGING_DISABLED);
    EXPECT(enabled(&context, 7) == DLT_RETURN_WRONG_PARAMETER);
    EXPECT(dlt_unregister_context(&context) == DLT_RETURN_OK);
    EXPECT(dlt_unregister_app() == DLT_RETURN_OK);
    EXPECT(dlt_free() == DLT_RETURN_OK);
}

/* On standard error two warnings are expected, and that they change nothing. */
static void environment(void)
{
    dlt_log_set_level(4);
    setenv("DLT_LOG_LEVEL", "99", 1);
    setenv("DLT_LOG_MODE", "", 1);
    dlt_check_envvar();
    unsetenv("DLT_LOG_LEVEL");
    unsetenv("DLT_LOG_MODE");
    EXPECT(dlt_log(5, (char *)"below the level\n") == DLT_RETURN_OK);
}

static void limits(void)
{
    const uint32_t *limit = dlt_ng_local_limit();

    EXPECT(limit != NULL);
    EXPECT(*limit == 0);
    EXPECT(dlt_init() == DLT_RETURN_OK);
    EXPECT(dlt_ng_local_limit() == limit);
    EXPECT(*limit > 0 && *limit <= 1390);
    EXPECT(dlt_free() == DLT_RETURN_OK);
    EXPECT(*limit == 0);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    answers();
    pipes();
    levels();
    environment();
    EXPECT(strchr(dlt_ng_version(), '.') != NULL);
    limits();
    return 0;
}
