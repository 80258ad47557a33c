/*
 * The application's functions are called from here. What one of them throws would be caught beneath,
 * in a frame of Rust's, which can only end the program without a word about what it was. These have
 * no unwind tables (see build.rs): whoever throws finds the stack's end here, so that nothing is
 * unwound and C++ ends the program as it does where nobody catches, and says what was thrown.
 */
#include <stddef.h>
#include <stdint.h>

typedef int injection(uint32_t service, void *data, uint32_t length);
typedef int injection_with_data(uint32_t service, void *data, uint32_t length, void *own);
typedef void level_changed(char *id, uint8_t level, uint8_t trace);
typedef void pressure(int crowded, void *own);

/* So that the call is not the last thing, and this not gone when it is made. */
#define BEHIND() __asm__ volatile("" ::: "memory")

void dlt_shim_call_injection(injection *function, uint32_t service, void *data, uint32_t length);
void dlt_shim_call_injection_with_data(injection_with_data *function, uint32_t service, void *data,
                                       uint32_t length, void *own);
void dlt_shim_call_level_changed(level_changed *function, char *id, uint8_t level, uint8_t trace);
void dlt_shim_call_pressure(pressure *function, int crowded, void *own);

void dlt_shim_call_injection(injection *function, uint32_t service, void *data, uint32_t length)
{
    (void)function(service, data, length);
    BEHIND();
}

void dlt_shim_call_injection_with_data(injection_with_data *function, uint32_t service, void *data,
                                       uint32_t length, void *own)
{
    (void)function(service, data, length, own);
    BEHIND();
}

void dlt_shim_call_level_changed(level_changed *function, char *id, uint8_t level, uint8_t trace)
{
    function(id, level, trace);
    BEHIND();
}

void dlt_shim_call_pressure(pressure *function, int crowded, void *own)
{
    function(crowded, own);
    BEHIND();
}
