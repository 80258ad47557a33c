/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Logs in several files: dlt_multiple_files.h, and the internal log of dlt_common.h. Releases of
 * libdlt before 2.18.9 do not have these; what is expected stands here. Called with a directory.
 */
#include <dlt/dlt.h>
#include <dlt/dlt_log.h>
#include <dlt/dlt_multiple_files.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"

static void names(void)
{
    char text[32] = "unchanged";
    char path[] = "/tmp.d/dlt.log";
    char bare[] = "/tmp.d/dlt";

    EXPECT(strcmp(get_filename_ext(path), ".log") == 0);
    EXPECT(get_filename_ext(bare) == NULL);
    EXPECT(get_filename_ext(NULL) == NULL);
    EXPECT(!dlt_extract_base_name_without_ext(bare, text, sizeof(text)));
    EXPECT(!dlt_extract_base_name_without_ext(path, text, 3));
    EXPECT(!dlt_extract_base_name_without_ext(path, text, -1));
    EXPECT(!dlt_extract_base_name_without_ext(path, NULL, 32));
    EXPECT(!dlt_extract_base_name_without_ext(NULL, text, 32));
    EXPECT(strcmp(text, "unchanged") == 0);
    EXPECT(dlt_extract_base_name_without_ext(path, text, 4));
    EXPECT(strcmp(text, "dlt") == 0);
}

static void own_log(const char *directory)
{
    MultipleFilesRingBuffer files;
    MultipleFilesRingBuffer again;
    char newest[NAME_MAX + 1] = "";
    char oldest[NAME_MAX + 1] = "";
    char number[] = "log.0000000042.txt";
    char none[] = "log";
    unsigned char data[60];
    int i;

    memset(data, 'x', sizeof(data));
    EXPECT(multiple_files_buffer_init(NULL, directory, 100, 350, false, false, "log", ".txt") ==
           DLT_RETURN_WRONG_PARAMETER);
    EXPECT(multiple_files_buffer_init(&files, NULL, 100, 350, false, false, "log", ".txt") ==
           DLT_RETURN_WRONG_PARAMETER);
    EXPECT(multiple_files_buffer_init(&files, directory, 0, 350, false, false, "log", ".txt") ==
           DLT_RETURN_WRONG_PARAMETER);
    EXPECT(multiple_files_buffer_init(&files, directory, 100, 99, false, false, "log", ".txt") ==
           DLT_RETURN_WRONG_PARAMETER);
    EXPECT(multiple_files_buffer_init(&files, "/nonexistent", 100, 350, false, false, "log",
                                      ".txt") == DLT_RETURN_ERROR);
    EXPECT(multiple_files_buffer_init(&files, directory, 100, 350, false, false, "log", ".txt") ==
           DLT_RETURN_OK);
    EXPECT(strcmp(files.filename, "log.0000000001.txt") == 0);
    EXPECT(strcmp(files.directory, directory) == 0 && files.ohandle >= 0);
    for (i = 0; i < 10; i++) {
        EXPECT(multiple_files_buffer_write(&files, data, sizeof(data)) == DLT_RETURN_OK);
        EXPECT(multiple_files_buffer_get_total_size(&files) <= 350);
    }
    EXPECT(strcmp(files.filename, "log.0000000010.txt") == 0);
    EXPECT(multiple_files_buffer_storage_dir_info(directory, "log", newest, oldest) > 1);
    EXPECT(strcmp(newest, "log.0000000010.txt") == 0);
    EXPECT(strcmp(oldest, "log.0000000001.txt") > 0);
    EXPECT(multiple_files_buffer_write_chunk(&files, data, sizeof(data)) == DLT_RETURN_OK);
    EXPECT(strcmp(files.filename, "log.0000000010.txt") == 0);
    EXPECT(multiple_files_buffer_write(&files, NULL, 1) == DLT_RETURN_WRONG_PARAMETER);
    EXPECT(multiple_files_buffer_write(&files, data, -1) == DLT_RETURN_WRONG_PARAMETER);
    EXPECT(multiple_files_buffer_write(NULL, data, 1) == DLT_RETURN_WRONG_PARAMETER);
    multiple_files_buffer_rotate_file(&files, 1);
    EXPECT(strcmp(files.filename, "log.0000000011.txt") == 0);
    multiple_files_buffer_rotate_file(NULL, 1);
    EXPECT(multiple_files_buffer_free(&files) == DLT_RETURN_OK);
    EXPECT(multiple_files_buffer_free(NULL) == DLT_RETURN_WRONG_PARAMETER);

    EXPECT(multiple_files_buffer_init(&again, directory, 100, 350, false, true, "log", ".txt") ==
           DLT_RETURN_OK);
    EXPECT(strcmp(again.filename, "log.0000000011.txt") == 0);
    multiple_files_buffer_file_name(&again, 42);
    EXPECT(strcmp(again.filename, number) == 0);
    EXPECT(multiple_files_buffer_free(&again) == DLT_RETURN_OK);
    EXPECT(multiple_files_buffer_get_idx_of_log_file(number) == 42);
    EXPECT(multiple_files_buffer_get_idx_of_log_file(none) == 0);
    EXPECT(multiple_files_buffer_get_idx_of_log_file(NULL) == 0);
    EXPECT(multiple_files_buffer_get_total_size(NULL) == -1);
    EXPECT(multiple_files_buffer_storage_dir_info(NULL, "log", newest, oldest) == 0);
    EXPECT(multiple_files_buffer_init(&again, directory, 100, 350, true, false, "time", ".txt") ==
           DLT_RETURN_OK);
    EXPECT(strncmp(again.filename, "time_2", 6) == 0);
    EXPECT(strlen(again.filename) == strlen("time_20261120_195900.txt"));
    EXPECT(multiple_files_buffer_free(&again) == DLT_RETURN_OK);
}

static void internal_log(const char *directory)
{
    char path[PATH_MAX];
    char newest[NAME_MAX + 1] = "";
    char oldest[NAME_MAX + 1] = "";
    int i;

    snprintf(path, sizeof(path), "%s/internal", directory);
    dlt_log_set_filename(path);
    EXPECT(dlt_log_init_multiple_logfiles(1000, 3000) == DLT_RETURN_ERROR);
    snprintf(path, sizeof(path), "%s/internal.log", directory);
    dlt_log_set_filename(path);
    EXPECT(!dlt_is_log_in_multiple_files_active());
    EXPECT(dlt_log_init_multiple_logfiles_support(DLT_LOG_TO_FILE, true, 0, 3000) ==
           DLT_RETURN_WRONG_PARAMETER);
    EXPECT(dlt_log_init_multiple_logfiles_support((DltLoggingMode)9, true, 1000, 3000) ==
           DLT_RETURN_ERROR);
    EXPECT(dlt_log_init_multiple_logfiles_support(DLT_LOG_TO_FILE, true, 1000, 3000) ==
           DLT_RETURN_OK);
    EXPECT(dlt_is_log_in_multiple_files_active());
    for (i = 0; i < 100; i++)
        EXPECT(dlt_vlog(4, "message %d of the internal log\n", i) == DLT_RETURN_OK);
    dlt_log_multiple_files_write("as %s is\n", "it");
    EXPECT(multiple_files_buffer_storage_dir_info(directory, "internal", newest, oldest) == 3);
    EXPECT(multiple_files_buffer_get_idx_of_log_file(newest) > 5);
    dlt_log_free_multiple_logfiles();
    EXPECT(!dlt_is_log_in_multiple_files_active());
    EXPECT(dlt_log_init_single_logfile() == DLT_RETURN_OK);
    EXPECT(dlt_log(4, "in one file\n") == DLT_RETURN_OK);
    dlt_log_free_single_logfile();
    EXPECT(dlt_log_init_multiple_logfiles_support(DLT_LOG_TO_STDERR, true, 1000, 3000) ==
           DLT_RETURN_OK);
    EXPECT(dlt_log_init_multiple_logfiles_support(DLT_LOG_TO_FILE, false, 0, 0) == DLT_RETURN_OK);
    EXPECT(!dlt_is_log_in_multiple_files_active());
    dlt_log_free();
}

int main(int count, char **arguments)
{
    EXPECT(count == 2);
    names();
    own_log(arguments[1]);
    internal_log(arguments[1]);
    return 0;
}
