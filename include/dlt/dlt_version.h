/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Version of the interface: that of the libdlt release whose interface this is. The version of
 * this library is another one, see dlt_ng_version() in dlt_ng.h.
 */
#ifndef DLT_VERSION_H
#define DLT_VERSION_H

#define _DLT_PACKAGE_VERSION_STATE "STABLE"
#define _DLT_PACKAGE_VERSION "2.18.8"
#define _DLT_PACKAGE_MAJOR_VERSION "2"
#define _DLT_PACKAGE_MINOR_VERSION "18"
#define _DLT_PACKAGE_PATCH_LEVEL "8"
#define _DLT_PACKAGE_REVISION ""

/* What is built in (+) and what is not (-). */
#define _DLT_SYSTEMD_ENABLE "-SYSTEMD"
#define _DLT_SYSTEMD_WATCHDOG_ENABLE "-SYSTEMD_WATCHDOG"
#define _DLT_TEST_ENABLE "-TEST"
#define _DLT_SHM_ENABLE "-SHM"

#endif
