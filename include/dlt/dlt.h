/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Diagnostic Log and Trace: everything that a program needs to log.
 *
 *     DLT_DECLARE_CONTEXT(context)
 *
 *     int main(void)
 *     {
 *         DLT_REGISTER_APP("DEMO", "Demonstration");
 *         DLT_REGISTER_CONTEXT(context, "MAIN", "Main program");
 *         DLT_LOG(context, DLT_LOG_INFO, DLT_STRING("started with"), DLT_INT(42));
 *         DLT_UNREGISTER_CONTEXT(context);
 *         DLT_UNREGISTER_APP();
 *     }
 */
#ifndef DLT_H
#define DLT_H

#include "dlt_common.h"
#include "dlt_user.h"
#ifdef DLT_NG_INLINE
#include "dlt_ng_inline.h"
#endif

#endif
