/* SPDX-License-Identifier: MPL-2.0 */
/* Loads the library by its name, logs, unloads it without having stopped it, and does so again. */
#include <dlfcn.h>
#include <dlt/dlt.h>

#include "expect.h"

static void use(unsigned number)
{
    void *library = dlopen("libdlt.so.2", RTLD_NOW | RTLD_LOCAL);
    EXPECT(library);
#define FIND(result, name, parameters) \
    result(*name) parameters = (result(*) parameters)dlsym(library, #name); \
    EXPECT(name)
    FIND(DltReturnValue, dlt_register_app, (const char *, const char *));
    FIND(DltReturnValue, dlt_register_context, (DltContext *, const char *, const char *));
    FIND(DltReturnValue, dlt_log_uint, (DltContext *, DltLogLevelType, unsigned));
    FIND(DltReturnValue, dlt_free, (void));
    /* For as long as the library is loaded; unloading it takes away what a program keeps of it. */
    static DltContext context;
    EXPECT(dlt_register_app("LOAD", "loads") == 0);
    EXPECT(dlt_register_context(&context, "LOAD", "loads") == 0);
    EXPECT(dlt_log_uint(&context, DLT_LOG_INFO, number) == 0);
    if (number % 2 == 1)
        EXPECT(dlt_free() == 0);
    EXPECT(dlclose(library) == 0);
}

int main(void)
{
    for (unsigned number = 0; number < 10; number++)
        use(number);
    printf("end 0\n");
    return 0;
}
