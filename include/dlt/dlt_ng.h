/* SPDX-License-Identifier: MPL-2.0 */
/*
 * What this library offers beyond libdlt. A program that must also run on libdlt looks these
 * functions up with dlsym(). All of them may be called from any thread; none changes errno.
 *
 * Made by cbindgen from the Rust sources: change those, or include/cbindgen, and run
 * ci/generate-headers.
 */


#ifndef DLT_NG_H
#define DLT_NG_H

#include <stdint.h>
#include "dlt_types.h"
#include "dlt_user.h"

/* What happens to a message that finds no room. In each mode every lost message is counted. */
typedef enum {
    DLT_OVERFLOW_OVERWRITE = 0,   /* the oldest waiting message is given up for it */
    DLT_OVERFLOW_DROP_NEWEST = 1, /* it is refused: DLT_RETURN_BUFFER_FULL; the default */
    DLT_OVERFLOW_BLOCK = 2        /* its caller waits for room up to a time limit; then refused */
} DltOverflowMode;


/**
 * What became of the messages so far. Nothing in here is ever reset.
 *
 * submitted = delivered + waiting + lost, at rest; at any moment delivered + lost do not exceed
 * submitted. Later versions add members at the end.
 */
typedef struct {
  /**
   * In: sizeof(DltNgStatistics) as the caller knows it. Out: bytes that the library knows of.
   */
  uint32_t size;
  /**
   * Connections made to the daemon after the first.
   */
  uint32_t reconnects;
  /**
   * Messages that passed the level check and were finished.
   */
  uint64_t submitted;
  /**
   * Messages that the kernel took for the daemon, or that were written to the file.
   */
  uint64_t delivered;
  /**
   * Messages kept for delivery.
   */
  uint64_t waiting;
  /**
   * Messages lost; the sum of the five following.
   */
  uint64_t lost;
  /**
   * Lost because there was no room.
   */
  uint64_t lost_refused;
  /**
   * Lost to make room for newer ones (DLT_OVERFLOW_OVERWRITE).
   */
  uint64_t lost_evicted;
  /**
   * Lost because they were too long for the protocol.
   */
  uint64_t lost_oversize;
  /**
   * Lost because the file was full.
   */
  uint64_t lost_file_full;
  /**
   * Lost at dlt_free() or at the end of the process.
   */
  uint64_t lost_abandoned;
  /**
   * Most bytes that ever waited at one time.
   */
  uint64_t high_water_bytes;
  /**
   * Bytes that can wait.
   */
  uint64_t capacity_bytes;
  /**
   * Failures of the library's own thread, which has gone on after each: a defect to be reported.
   */
  uint64_t worker_failures;
} DltNgStatistics;

/**
 * What became of one context's messages since it was registered.
 */
typedef struct {
  /**
   * In: sizeof(DltNgContextStatistics) as the caller knows it. Out: bytes that the library knows.
   */
  uint32_t size;
  /**
   * Not used.
   */
  uint32_t reserved;
  /**
   * Messages that were sent, or are about to be.
   */
  uint64_t messages;
  /**
   * Bytes of those messages, headers included.
   */
  uint64_t bytes;
  /**
   * Messages that were lost.
   */
  uint64_t lost;
} DltNgContextStatistics;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Choose what happens to a message that finds no room. May be changed at any time. Thread-safe.
 *
 * @param mode what happens
 * @param timeout_ms longest time in milliseconds that a caller waits in DLT_OVERFLOW_BLOCK mode,
 *        at most 60000; the other modes keep it for later
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for values out of range
 */
DltReturnValue dlt_set_overflow_mode(DltOverflowMode mode, uint32_t timeout_ms);

/**
 * Ask what happens to a message that finds no room. Thread-safe.
 *
 * @param mode receives the mode, or NULL
 * @param timeout_ms receives the time limit, or NULL
 * @return DLT_RETURN_OK
 */
DltReturnValue dlt_get_overflow_mode(DltOverflowMode *mode, uint32_t *timeout_ms);

/**
 * Ask how many messages were lost since the process started. Never reset. Thread-safe.
 *
 * @return number of messages
 */
uint64_t dlt_get_overflow_count(void);

/**
 * Get the numbers of DltNgStatistics. Thread-safe.
 *
 * @param statistics its member size must hold sizeof(DltNgStatistics); no more than that is written
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL or a size below 4
 */
DltReturnValue dlt_ng_get_statistics(DltNgStatistics *statistics);

/**
 * Get the numbers of one context. Thread-safe.
 *
 * @param handle registered context
 * @param statistics its member size must hold sizeof(DltNgContextStatistics); no more than that is
 *        written
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL or a size below 4; DLT_RETURN_ERROR
 *         when the context is not registered
 */
DltReturnValue dlt_ng_get_context_statistics(const DltContext *handle,
                                             DltNgContextStatistics *statistics);

/**
 * Have a function called when the memory for waiting messages fills up, and when there is room
 * again: a program can log less in between.
 *
 * It is called on the library's thread with no lock held, so it may log; while it runs, nothing is
 * delivered. It is called with 1 when the high mark is reached and with 0 when the fill has fallen
 * to the low one.
 *
 * @param callback function, or NULL for none
 * @param data handed to the function
 * @param high_percent fill from which on the memory is crowded, 1 to 100
 * @param low_percent fill up to which it is not any more, below high_percent
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for marks out of range; another negative code
 *         when the library cannot be started
 */
DltReturnValue dlt_ng_set_pressure_callback(void (*callback)(int crowded, void *data),
                                            void *data,
                                            uint32_t high_percent,
                                            uint32_t low_percent);

/**
 * Ask whether the memory for waiting messages is crowded, by the marks of
 * dlt_ng_set_pressure_callback(), or else from three quarters on until a quarter is left. Never
 * waits. Thread-safe.
 *
 * @return 1 when it is, 0 when not or when the library is not started
 */
int dlt_ng_is_crowded(void);

/**
 * Wait until all that was logged before this call is delivered. Thread-safe; fails at once in a
 * callback of the library.
 *
 * @param timeout_ms longest time to wait, in milliseconds
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR when the time is over or the library is not started
 */
DltReturnValue dlt_flush(uint32_t timeout_ms);

/**
 * For dlt_ng_inline.h: where the most bytes of arguments that a message may have are found. They
 * change when the library is started and stopped; 0 while it is not started.
 *
 * @return address that is valid for as long as the process lives
 */
const uint32_t *dlt_ng_local_limit(void);

/**
 * Get the version of this library, as opposed to that of the interface it implements.
 *
 * @return text such as "0.1.0"; valid for as long as the process lives
 */
const char *dlt_ng_version(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* DLT_NG_H */
