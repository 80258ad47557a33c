/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Files sent as log messages of level INFO, which viewers put together again; failures are logged
 * with level ERROR. A file that changes between the calls of a transfer becomes another one.
 *
 * All functions may be called from any thread, and none changes errno. With a context that is not
 * registered, or that does not log at the level, they do everything but log.
 *
 * Made by cbindgen from the Rust sources: change those, or include/cbindgen, and run
 * ci/generate-headers.
 */


#ifndef DLT_FILETRANSFER_H
#define DLT_FILETRANSFER_H

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/stat.h>
#include "dlt.h"

/* What the functions return when they fail. */
#define DLT_FILETRANSFER_ERROR_FILE_COMPLETE (-300)
#define DLT_FILETRANSFER_ERROR_FILE_COMPLETE1 (-301)
#define DLT_FILETRANSFER_ERROR_FILE_COMPLETE2 (-302)
#define DLT_FILETRANSFER_ERROR_FILE_COMPLETE3 (-303)
#define DLT_FILETRANSFER_ERROR_FILE_HEAD (-400)
#define DLT_FILETRANSFER_ERROR_FILE_DATA (-500)
#define DLT_FILETRANSFER_ERROR_FILE_DATA_USER_BUFFER_FAILED (-501)
#define DLT_FILETRANSFER_ERROR_FILE_END (-600)
#define DLT_FILETRANSFER_ERROR_FILE_END_USER_CANCELLED (-601)
#define DLT_FILETRANSFER_ERROR_INFO_ABOUT (-700)
/* Only in messages. */
#define DLT_FILETRANSFER_ERROR_PACKAGE_COUNT (-800)
#define DLT_FILETRANSFER_FILE_SERIAL_NUMBER (-900)


#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Send a whole file: header, data, end.
 *
 * @param context registered context
 * @param filename path of the file
 * @param delete_flag whether the file is deleted afterwards: 0 or 1
 * @param timeout_ms pause after each package, in milliseconds
 * @return 0; DLT_FILETRANSFER_ERROR_FILE_COMPLETE when there is no such file, ..._COMPLETE1 when
 *         its header failed, ..._COMPLETE2 its data, ..._COMPLETE3 its end
 */
int dlt_user_log_file_complete(DltContext *context,
                               const char *filename,
                               int delete_flag,
                               int timeout_ms);

/**
 * Ask how many packages a file makes.
 *
 * @param context registered context, through which an error is logged
 * @param filename path of the file
 * @return number of packages, at least 1; -1 when there is no such file
 */
int dlt_user_log_file_packagesCount(DltContext *context, const char *filename);

/**
 * Log what is known of a file, without sending it.
 *
 * @param context registered context
 * @param filename path of the file
 * @return 0; DLT_FILETRANSFER_ERROR_INFO_ABOUT
 */
int dlt_user_log_file_infoAbout(DltContext *context, const char *filename);

/**
 * Send the header of a file, with another name for viewers to show.
 *
 * @param context registered context
 * @param filename path of the file
 * @param alias name to be shown
 * @return 0; DLT_FILETRANSFER_ERROR_FILE_HEAD
 */
int dlt_user_log_file_header_alias(DltContext *context, const char *filename, const char *alias);

/**
 * Send the header of a file: a transfer begins.
 *
 * @param context registered context
 * @param filename path of the file
 * @return 0; DLT_FILETRANSFER_ERROR_FILE_HEAD
 */
int dlt_user_log_file_header(DltContext *context, const char *filename);

/**
 * Send one package of a file, or all.
 *
 * When all are sent, at most half of the memory for waiting messages is used for them: the call
 * waits while messages are delivered, and gives up after five seconds without one. It does not
 * wait in a callback of the library.
 *
 * @param context registered context
 * @param filename path of the file
 * @param package number of the package, from 1 on; INT_MAX for all
 * @param timeout_ms pause after each package, in milliseconds
 * @return 0; DLT_FILETRANSFER_ERROR_FILE_DATA when there is no such file or package, or it cannot
 *         be read; DLT_FILETRANSFER_ERROR_FILE_DATA_USER_BUFFER_FAILED when there is no room
 */
int dlt_user_log_file_data(DltContext *context, const char *filename, int package, int timeout_ms);

/**
 * Send one package of a file, or all, unless another thread cancels it. libdlt has this function
 * from 2.18.11 on.
 *
 * @param context registered context
 * @param filename path of the file
 * @param package number of the package, from 1 on; INT_MAX for all
 * @param timeout_ms pause after each package, in milliseconds
 * @param cancel_flag looked at before each package: true cancels; may be NULL
 * @return as dlt_user_log_file_data(); DLT_FILETRANSFER_ERROR_FILE_END_USER_CANCELLED
 */
int dlt_user_log_file_data_cancelable(DltContext *context,
                                      const char *filename,
                                      int package,
                                      int timeout_ms,
                                      bool *cancel_flag);

/**
 * Send the end of a file: a transfer is complete. Then the file can be deleted; it is kept when
 * the message finds no room.
 *
 * @param context registered context
 * @param filename path of the file
 * @param delete_flag whether the file is deleted: 0 or 1
 * @return 0; DLT_FILETRANSFER_ERROR_FILE_END; -1 when the file cannot be deleted
 */
int dlt_user_log_file_end(DltContext *context, const char *filename, int delete_flag);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* DLT_FILETRANSFER_H */
