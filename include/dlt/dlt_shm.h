/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The shared-memory transport was an experiment, which no daemon that is shipped speaks. Its types
 * are here for programs that include this header; its functions do not exist.
 */
#ifndef DLT_SHM_H
#define DLT_SHM_H

#include <semaphore.h>

#include "dlt_common.h"

#define DLT_SHM_SIZE 100000

typedef struct {
    int shmfd;
    sem_t *sem;
    DltBuffer buffer;
} DltShm;

typedef struct {
    char head[4];
    unsigned char status;
    int size;
} DltShmBlockHead;

#endif
