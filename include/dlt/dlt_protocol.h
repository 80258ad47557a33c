/* SPDX-License-Identifier: MPL-2.0 */
/* Codes of the DLT protocol, version 1, as they are in messages. */
#ifndef DLT_PROTOCOL_H
#define DLT_PROTOCOL_H

/* Header type: what a message has besides the four bytes that all begin with. */
#define DLT_HTYP_UEH 0x01  /* extended header */
#define DLT_HTYP_MSBF 0x02 /* payload with the most significant byte first */
#define DLT_HTYP_WEID 0x04 /* ECU id */
#define DLT_HTYP_WSID 0x08 /* session id */
#define DLT_HTYP_WTMS 0x10 /* time stamp */
#define DLT_HTYP_VERS 0xe0 /* mask of the version */
#define DLT_HTYP_PROTOCOL_VERSION1 (1 << 5)

#define DLT_IS_HTYP_UEH(htyp) ((htyp) & DLT_HTYP_UEH)
#define DLT_IS_HTYP_MSBF(htyp) ((htyp) & DLT_HTYP_MSBF)
#define DLT_IS_HTYP_WEID(htyp) ((htyp) & DLT_HTYP_WEID)
#define DLT_IS_HTYP_WSID(htyp) ((htyp) & DLT_HTYP_WSID)
#define DLT_IS_HTYP_WTMS(htyp) ((htyp) & DLT_HTYP_WTMS)

/* Message info, in the extended header. */
#define DLT_MSIN_VERB 0x01 /* arguments have type information */
#define DLT_MSIN_MSTP 0x0e /* mask of the message type */
#define DLT_MSIN_MTIN 0xf0 /* mask of the message type info */
#define DLT_MSIN_MSTP_SHIFT 1
#define DLT_MSIN_MTIN_SHIFT 4

#define DLT_IS_MSIN_VERB(msin) ((msin) & DLT_MSIN_VERB)
#define DLT_GET_MSIN_MSTP(msin) (((msin) & DLT_MSIN_MSTP) >> DLT_MSIN_MSTP_SHIFT)
#define DLT_GET_MSIN_MTIN(msin) (((msin) & DLT_MSIN_MTIN) >> DLT_MSIN_MTIN_SHIFT)

/* Message types. */
#define DLT_TYPE_LOG 0x00
#define DLT_TYPE_APP_TRACE 0x01
#define DLT_TYPE_NW_TRACE 0x02
#define DLT_TYPE_CONTROL 0x03

/* Message type infos of application trace. */
#define DLT_TRACE_VARIABLE 0x01
#define DLT_TRACE_FUNCTION_IN 0x02
#define DLT_TRACE_FUNCTION_OUT 0x03
#define DLT_TRACE_STATE 0x04
#define DLT_TRACE_VFB 0x05

/* Message type infos of control messages. */
#define DLT_CONTROL_REQUEST 0x01
#define DLT_CONTROL_RESPONSE 0x02
#define DLT_CONTROL_TIME 0x03

#define DLT_MSIN_CONTROL_REQUEST \
    ((DLT_TYPE_CONTROL << DLT_MSIN_MSTP_SHIFT) | (DLT_CONTROL_REQUEST << DLT_MSIN_MTIN_SHIFT))
#define DLT_MSIN_CONTROL_RESPONSE \
    ((DLT_TYPE_CONTROL << DLT_MSIN_MSTP_SHIFT) | (DLT_CONTROL_RESPONSE << DLT_MSIN_MTIN_SHIFT))
#define DLT_MSIN_CONTROL_TIME \
    ((DLT_TYPE_CONTROL << DLT_MSIN_MSTP_SHIFT) | (DLT_CONTROL_TIME << DLT_MSIN_MTIN_SHIFT))

/* Type information of an argument. */
#define DLT_TYPE_INFO_TYLE 0x0000000f /* mask of the width */
#define DLT_TYPE_INFO_BOOL 0x00000010
#define DLT_TYPE_INFO_SINT 0x00000020
#define DLT_TYPE_INFO_UINT 0x00000040
#define DLT_TYPE_INFO_FLOA 0x00000080
#define DLT_TYPE_INFO_ARAY 0x00000100
#define DLT_TYPE_INFO_STRG 0x00000200
#define DLT_TYPE_INFO_RAWD 0x00000400
#define DLT_TYPE_INFO_VARI 0x00000800 /* with a name, and a unit */
#define DLT_TYPE_INFO_FIXP 0x00001000
#define DLT_TYPE_INFO_TRAI 0x00002000
#define DLT_TYPE_INFO_STRU 0x00004000
#define DLT_TYPE_INFO_SCOD 0x00038000 /* mask of the coding */

#define DLT_TYLE_8BIT 0x00000001
#define DLT_TYLE_16BIT 0x00000002
#define DLT_TYLE_32BIT 0x00000003
#define DLT_TYLE_64BIT 0x00000004
#define DLT_TYLE_128BIT 0x00000005

#define DLT_SCOD_ASCII 0x00000000
#define DLT_SCOD_UTF8 0x00008000
#define DLT_SCOD_HEX 0x00010000
#define DLT_SCOD_BIN 0x00018000

/* Services of the protocol, in control messages. */
enum {
    DLT_SERVICE_ID = 0x00,
    DLT_SERVICE_ID_SET_LOG_LEVEL = 0x01,
    DLT_SERVICE_ID_SET_TRACE_STATUS = 0x02,
    DLT_SERVICE_ID_GET_LOG_INFO = 0x03,
    DLT_SERVICE_ID_GET_DEFAULT_LOG_LEVEL = 0x04,
    DLT_SERVICE_ID_STORE_CONFIG = 0x05,
    DLT_SERVICE_ID_RESET_TO_FACTORY_DEFAULT = 0x06,
    DLT_SERVICE_ID_SET_COM_INTERFACE_STATUS = 0x07,
    DLT_SERVICE_ID_SET_COM_INTERFACE_MAX_BANDWIDTH = 0x08,
    DLT_SERVICE_ID_SET_VERBOSE_MODE = 0x09,
    DLT_SERVICE_ID_SET_MESSAGE_FILTERING = 0x0a,
    DLT_SERVICE_ID_SET_TIMING_PACKETS = 0x0b,
    DLT_SERVICE_ID_GET_LOCAL_TIME = 0x0c,
    DLT_SERVICE_ID_USE_ECU_ID = 0x0d,
    DLT_SERVICE_ID_USE_SESSION_ID = 0x0e,
    DLT_SERVICE_ID_USE_TIMESTAMP = 0x0f,
    DLT_SERVICE_ID_USE_EXTENDED_HEADER = 0x10,
    DLT_SERVICE_ID_SET_DEFAULT_LOG_LEVEL = 0x11,
    DLT_SERVICE_ID_SET_DEFAULT_TRACE_STATUS = 0x12,
    DLT_SERVICE_ID_GET_SOFTWARE_VERSION = 0x13,
    DLT_SERVICE_ID_MESSAGE_BUFFER_OVERFLOW = 0x14,
    DLT_SERVICE_ID_LAST_ENTRY
};

/* Services that COVESA added. */
enum {
    DLT_USER_SERVICE_ID = 0xf00,
    DLT_SERVICE_ID_UNREGISTER_CONTEXT = 0xf01,
    DLT_SERVICE_ID_CONNECTION_INFO = 0xf02,
    DLT_SERVICE_ID_TIMEZONE = 0xf03,
    DLT_SERVICE_ID_MARKER = 0xf04,
    DLT_SERVICE_ID_OFFLINE_LOGSTORAGE = 0xf05,
    DLT_SERVICE_ID_PASSIVE_NODE_CONNECT = 0xf06,
    DLT_SERVICE_ID_PASSIVE_NODE_CONNECTION_STATUS = 0xf07,
    DLT_SERVICE_ID_SET_ALL_LOG_LEVEL = 0xf08,
    DLT_SERVICE_ID_SET_ALL_TRACE_STATUS = 0xf09,
    DLT_SERVICE_ID_RESERVED_B = 0xf0b,
    DLT_SERVICE_ID_RESERVED_C = 0xf0c,
    DLT_SERVICE_ID_RESERVED_D = 0xf0d,
    DLT_SERVICE_ID_RESERVED_E = 0xf0e,
    DLT_USER_SERVICE_ID_LAST_ENTRY
};

/* Injections have this id or a greater one. */
#define DLT_SERVICE_ID_CALLSW_CINJECTION 0xfff

/* Status of an answer. */
#define DLT_SERVICE_RESPONSE_OK 0x00
#define DLT_SERVICE_RESPONSE_NOT_SUPPORTED 0x01
#define DLT_SERVICE_RESPONSE_ERROR 0x02
#define DLT_SERVICE_RESPONSE_PERM_DENIED 0x03
#define DLT_SERVICE_RESPONSE_WARNING 0x04
#define DLT_SERVICE_RESPONSE_LAST 0x05

/* Status of an answer to "get log info". */
#define GET_LOG_INFO_STATUS_MIN 3
#define GET_LOG_INFO_STATUS_MAX 7
#define GET_LOG_INFO_STATUS_NO_MATCHING_CTX 8
#define GET_LOG_INFO_STATUS_RESP_DATA_OVERFLOW 9

/* State of a connection. */
#define DLT_CONNECTION_STATUS_DISCONNECTED 0x01
#define DLT_CONNECTION_STATUS_CONNECTED 0x02

#ifdef __cplusplus
extern "C" {
#endif

/* Names of the services, by id and by id - 0xf00. */
extern const char *const dlt_service_names[];
extern const char *const dlt_user_service_names[];

/**
 * Get the name of a service.
 *
 * @param id service
 * @return name, which is the library's and stays valid; "UNDEFINED" for an id that has none
 */
const char *dlt_get_service_name(unsigned int id);

#ifdef __cplusplus
}
#endif

#endif
