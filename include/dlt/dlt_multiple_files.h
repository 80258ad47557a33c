/* SPDX-License-Identifier: MPL-2.0 */
/*
 * A log kept in several files of limited size, of which the oldest are deleted. A log belongs to
 * one thread at a time.
 *
 * Made by cbindgen from the Rust sources: change those, or include/cbindgen, and run
 * ci/generate-headers.
 */


#ifndef DLT_MULTIPLE_FILES_H
#define DLT_MULTIPLE_FILES_H

#include <limits.h>
#include <linux/limits.h>
#include <stdbool.h>
#include <sys/types.h>
#include "dlt_types.h"

/* Between name and number, and between name and time. */
#define MULTIPLE_FILES_FILENAME_INDEX_DELIM "."
#define MULTIPLE_FILES_FILENAME_TIMESTAMP_DELIM "_"

/* Filled in by multiple_files_buffer_init(). */
typedef struct {
    char directory[NAME_MAX + 1];
    char filename[NAME_MAX + 1]; /* present file */
    int fileSize;                /* bytes of a file, at most */
    int maxSize;                 /* bytes of all files, at most */
    bool filenameTimestampBased; /* names have the time instead of a number */
    char filenameBase[NAME_MAX + 1];
    char filenameExt[NAME_MAX + 1];
    int ohandle;                 /* descriptor of the present file */
} MultipleFilesRingBuffer;


#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Begin or go on with a log of several files.
 *
 * @param files_buffer structure to fill; end it with multiple_files_buffer_free()
 * @param directory where the files are
 * @param file_size bytes of a file, at most
 * @param max_size bytes of all files, at most; the oldest are deleted
 * @param filename_timestamp_based true for names with the time, false for names with a number
 * @param append whether the newest file is gone on with
 * @param filename_base first part of the names
 * @param filename_ext last part of the names, with its dot
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL, a name that is too long or sizes that
 *         are not valid; DLT_RETURN_ERROR when no file can be opened
 */
DltReturnValue multiple_files_buffer_init(MultipleFilesRingBuffer *files_buffer,
                                          const char *directory,
                                          int file_size,
                                          int max_size,
                                          bool filename_timestamp_based,
                                          bool append,
                                          const char *filename_base,
                                          const char *filename_ext);

/**
 * Close the file of a log. The files stay.
 *
 * @param files_buffer log
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR when none is open
 */
DltReturnValue multiple_files_buffer_free(const MultipleFilesRingBuffer *files_buffer);

/**
 * Write to a log. A new file is begun first if the present one would get too large.
 *
 * @param files_buffer log
 * @param data bytes
 * @param size number of bytes
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL or a negative size; DLT_RETURN_ERROR
 *         when it cannot be written
 */
DltReturnValue multiple_files_buffer_write(MultipleFilesRingBuffer *files_buffer,
                                           const unsigned char *data,
                                           int size);

/**
 * Write to the present file of a log, whatever size it has.
 *
 * @param files_buffer log
 * @param data bytes
 * @param size number of bytes
 * @return as multiple_files_buffer_write()
 */
DltReturnValue multiple_files_buffer_write_chunk(const MultipleFilesRingBuffer *files_buffer,
                                                 const unsigned char *data,
                                                 int size);

/**
 * Begin a new file if the present one would get too large.
 *
 * @param files_buffer log
 * @param size bytes that are to be written
 */
void multiple_files_buffer_rotate_file(MultipleFilesRingBuffer *files_buffer, int size);

/**
 * Get the bytes of all files of a log.
 *
 * @param files_buffer log
 * @return bytes; -1 for NULL or when the directory cannot be read
 */
ssize_t multiple_files_buffer_get_total_size(const MultipleFilesRingBuffer *files_buffer);

/**
 * Look for the files of a log.
 *
 * @param path directory
 * @param file_name first part of their names
 * @param newest array of 256 bytes; receives the name of the newest file, if there is one
 * @param oldest array of 256 bytes; receives the name of the oldest file, if there is one
 * @return number of files; 0 for NULL or when the directory cannot be read
 */
unsigned int multiple_files_buffer_storage_dir_info(const char *path,
                                                    const char *file_name,
                                                    char *newest,
                                                    char *oldest);

/**
 * Put the name of a file of a log into the structure.
 *
 * @param files_buffer log
 * @param idx number of the file; not used for names with the time
 */
void multiple_files_buffer_file_name(MultipleFilesRingBuffer *files_buffer, unsigned int idx);

/**
 * Get the number in the name of a file.
 *
 * @param file name
 * @return number; 0 for NULL or a name without one
 */
unsigned int multiple_files_buffer_get_idx_of_log_file(char *file);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* DLT_MULTIPLE_FILES_H */
