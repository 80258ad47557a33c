/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The internal log, for programs that were written for libdlt 2.18.11: its functions are declared in
 * dlt_common.h. Its variables are not exported.
 */
#ifndef DLT_LOG_H
#define DLT_LOG_H

#include "dlt_common.h"

#endif
