//! What crosses the C boundary by value or behind a pointer: the caller's structs as libdlt 2.18.8
//! lays them out, and the names under which C enums arrive.
//!
//! An enum parameter may hold any `int`, so it is taken as one and converted where it is used. The
//! C side of these names stands in `include/dlt`; both are held together by the asserts below and
//! by the programs in `c-tests/` that print layouts.

#![forbid(unsafe_code)]

use core::mem::{offset_of, size_of};

use libc::{FILE, c_char, c_int, c_long, c_uchar, c_uint, c_void, sockaddr_in, speed_t};

/// `DltReturnValue`: see [`super::code::Code`].
pub type DltReturnValue = c_int;
/// `DltLogLevelType`: see [`crate::types::Level`].
pub type DltLogLevelType = c_int;
/// `DltFormatType`: see [`crate::types::Format`].
pub type DltFormatType = c_int;
/// `DltTraceStatusType`: see [`crate::types::TraceStatus`].
pub type DltTraceStatusType = c_int;
/// `DltNetworkTraceType`: see [`crate::types::NetworkTraceType`].
pub type DltNetworkTraceType = c_int;
/// `DltUserLogMode`: -1 undefined, 0 off, 1 external, 2 internal, 3 both.
pub type DltUserLogMode = c_int;
/// `DltTimestampType`: 0 the library's clock, 1 the caller's time stamp.
pub type DltTimestampType = c_int;
/// `DltOverflowMode`: see [`crate::types::OverflowMode`].
pub type DltOverflowMode = c_int;
/// `DltReceiverType`: 0 socket, 1 UDP socket, 2 other descriptor.
pub type DltReceiverType = c_int;
/// `DltClientMode`: -1 undefined, 0 TCP, 1 serial, 2 UNIX socket, 3 UDP multicast.
pub type DltClientMode = c_int;
/// `DltLoggingMode`: 0 console, 1 syslog, 2 file, 3 standard error, 4 nowhere.
pub type DltLoggingMode = c_int;
/// C `float`, under the protocol's name.
#[expect(non_camel_case_types, reason = "name of the C interface")]
pub type float32_t = f32;
/// C `double`, under the protocol's name.
#[expect(non_camel_case_types, reason = "name of the C interface")]
pub type float64_t = f64;

/// Called with the service, the data and its length.
pub type InjectionCallback =
    Option<unsafe extern "C" fn(service_id: u32, data: *mut c_void, length: u32) -> c_int>;
/// Called with the service, the data, its length and the pointer given at registration.
pub type InjectionCallbackWithId = Option<
    unsafe extern "C" fn(
        service_id: u32,
        data: *mut c_void,
        length: u32,
        priv_data: *mut c_void,
    ) -> c_int,
>;
/// Called with four bytes of context id, the log level and the trace status.
pub type LevelCallback =
    Option<unsafe extern "C" fn(context_id: *mut c_char, log_level: u8, trace_status: u8)>;

/// `DLT_ID_SIZE`.
pub const DLT_ID_SIZE: usize = 4;
/// `DLT_USER_TIMESTAMP`: the message carries the caller's time stamp.
pub const DLT_USER_TIMESTAMP: DltTimestampType = 1;
/// `DLT_FILTER_MAX`.
pub const DLT_FILTER_MAX: usize = 30;

macro_rules! layout {
    ($type:ident, $size:literal { $($field:ident: $offset:literal),+ $(,)? }) => {
        const _: () = assert!(size_of::<$type>() == $size, stringify!($type));
        $(const _: () = assert!(
            offset_of!($type, $field) == $offset,
            concat!(stringify!($type), ".", stringify!($field))
        );)+
    };
}

/// A context's handle. Programs look at the two cells themselves before they call the library.
#[repr(C)]
#[derive(Debug)]
pub struct DltContext {
    /// Identifier, padded with NULs.
    pub context_id: [u8; DLT_ID_SIZE],
    /// Number of the context, as the daemon sends it back.
    pub log_level_pos: i32,
    /// Cell with the highest level that passes; NULL while not registered.
    pub log_level_ptr: *mut i8,
    /// Cell that is 1 while network trace is on; NULL while not registered.
    pub trace_status_ptr: *mut i8,
    /// Counter of messages.
    pub mcnt: u8,
}
layout!(DltContext, 32 {
    context_id: 0, log_level_pos: 4, log_level_ptr: 8, trace_status_ptr: 16, mcnt: 24,
});

/// One message being composed, in memory that the caller hands in uninitialised.
///
/// From 2.18.7 on the C struct has one more byte, `verbose_mode` at offset 48, and is 56 bytes
/// long. Programs built earlier pass 48 bytes under the same SONAME, so the library knows nothing
/// beyond these.
#[repr(C)]
#[derive(Debug)]
pub struct DltContextData {
    /// Context of the message; NULL when its level is off.
    pub handle: *mut DltContext,
    /// Payload so far.
    pub buffer: *mut c_uchar,
    /// Bytes of payload so far.
    pub size: i32,
    /// Level of the message.
    pub log_level: i32,
    /// Type of a network trace message.
    pub trace_status: i32,
    /// Arguments so far.
    pub args_num: i32,
    /// Not used.
    pub context_description: *mut c_char,
    /// Whose time stamp.
    pub use_timestamp: DltTimestampType,
    /// The caller's time stamp, in 0.1 ms.
    pub user_timestamp: u32,
}
layout!(DltContextData, 48 {
    handle: 0, buffer: 8, size: 16, log_level: 20, trace_status: 24, args_num: 28,
    context_description: 32, use_timestamp: 40, user_timestamp: 44,
});

/// One item of a set of initial levels.
#[repr(C, packed)]
#[derive(Debug, Clone, Copy)]
pub struct dlt_env_ll_item {
    /// Application, or NULs for any.
    pub app_id: [u8; DLT_ID_SIZE],
    /// Context, or NULs for any.
    pub ctx_id: [u8; DLT_ID_SIZE],
    /// Level.
    pub ll: i8,
}
layout!(dlt_env_ll_item, 9 { app_id: 0, ctx_id: 4, ll: 8 });

/// A set of initial levels, its items in memory of the C allocator.
#[repr(C)]
#[derive(Debug)]
pub struct dlt_env_ll_set {
    /// The items.
    pub item: *mut dlt_env_ll_item,
    /// Items that there is room for.
    pub array_size: usize,
    /// Items in use.
    pub num_elem: usize,
}
layout!(dlt_env_ll_set, 24 { item: 0, array_size: 8, num_elem: 16 });

/// In front of each message of a file.
#[repr(C, packed)]
#[derive(Debug, Clone, Copy)]
pub struct DltStorageHeader {
    /// "DLT" and 1.
    pub pattern: [u8; DLT_ID_SIZE],
    /// Wall time.
    pub seconds: u32,
    /// Wall time.
    pub microseconds: i32,
    /// Control unit.
    pub ecu: [u8; DLT_ID_SIZE],
}
layout!(DltStorageHeader, 16 { pattern: 0, seconds: 4, microseconds: 8, ecu: 12 });

/// In front of every message.
#[repr(C, packed)]
#[derive(Debug, Clone, Copy)]
pub struct DltStandardHeader {
    /// What follows.
    pub htyp: u8,
    /// Counter.
    pub mcnt: u8,
    /// Length without storage header, big endian.
    pub len: u16,
}
layout!(DltStandardHeader, 4 { htyp: 0, mcnt: 1, len: 2 });

/// The optional fields of the standard header.
#[repr(C, packed)]
#[derive(Debug, Clone, Copy)]
pub struct DltStandardHeaderExtra {
    /// Control unit.
    pub ecu: [u8; DLT_ID_SIZE],
    /// Session.
    pub seid: u32,
    /// Time stamp in 0.1 ms.
    pub tmsp: u32,
}
layout!(DltStandardHeaderExtra, 12 { ecu: 0, seid: 4, tmsp: 8 });

/// Extended header.
#[repr(C, packed)]
#[derive(Debug, Clone, Copy)]
pub struct DltExtendedHeader {
    /// Message info.
    pub msin: u8,
    /// Number of arguments.
    pub noar: u8,
    /// Application.
    pub apid: [u8; DLT_ID_SIZE],
    /// Context.
    pub ctid: [u8; DLT_ID_SIZE],
}
layout!(DltExtendedHeader, 10 { msin: 0, noar: 1, apid: 2, ctid: 6 });

/// Bytes for all headers of a message.
pub const HEADER_BUFFER_SIZE: usize = 16 + 4 + 12 + 10;

/// A message that was read.
#[repr(C)]
#[derive(Debug)]
pub struct DltMessage {
    /// Whether a serial header was found.
    pub found_serialheader: i8,
    /// Bytes skipped to find the message.
    pub resync_offset: i32,
    /// Bytes of all headers, storage header included.
    pub headersize: i32,
    /// Bytes of payload.
    pub datasize: i32,
    /// All headers.
    pub headerbuffer: [u8; HEADER_BUFFER_SIZE],
    /// Payload, in memory of the C allocator.
    pub databuffer: *mut u8,
    /// Bytes that there is room for.
    pub databuffersize: i32,
    /// Into `headerbuffer`.
    pub storageheader: *mut DltStorageHeader,
    /// Into `headerbuffer`.
    pub standardheader: *mut DltStandardHeader,
    /// In the host's byte order.
    pub headerextra: DltStandardHeaderExtra,
    /// Into `headerbuffer`, or NULL.
    pub extendedheader: *mut DltExtendedHeader,
}
layout!(DltMessage, 120 {
    found_serialheader: 0, resync_offset: 4, headersize: 8, datasize: 12, headerbuffer: 16,
    databuffer: 64, databuffersize: 72, storageheader: 80, standardheader: 88, headerextra: 96,
    extendedheader: 112,
});

/// Up to thirty filters.
#[repr(C)]
#[derive(Debug)]
pub struct DltFilter {
    /// Applications.
    pub apid: [[u8; DLT_ID_SIZE]; DLT_FILTER_MAX],
    /// Contexts.
    pub ctid: [[u8; DLT_ID_SIZE]; DLT_FILTER_MAX],
    /// Levels.
    pub log_level: [c_int; DLT_FILTER_MAX],
    /// Longest payloads.
    pub payload_max: [i32; DLT_FILTER_MAX],
    /// Shortest payloads.
    pub payload_min: [i32; DLT_FILTER_MAX],
    /// Filters in use.
    pub counter: c_int,
}
layout!(DltFilter, 604 {
    apid: 0, ctid: 120, log_level: 240, payload_max: 360, payload_min: 480, counter: 600,
});

/// An open file of messages.
#[repr(C)]
#[derive(Debug)]
pub struct DltFile {
    /// Stream.
    pub handle: *mut FILE,
    /// Positions of the messages that passed the filter, in memory of the C allocator.
    pub index: *mut c_long,
    /// Messages that passed.
    pub counter: i32,
    /// Messages.
    pub counter_total: i32,
    /// Number of the current message.
    pub position: i32,
    /// Length in bytes.
    pub file_length: u64,
    /// Position in bytes.
    pub file_position: u64,
    /// Errors so far.
    pub error_messages: i32,
    /// Filter in use, or NULL.
    pub filter: *mut DltFilter,
    /// Filters in use.
    pub filter_counter: i32,
    /// Current message.
    pub msg: DltMessage,
}
layout!(DltFile, 192 {
    handle: 0, index: 8, counter: 16, counter_total: 20, position: 24, file_length: 32,
    file_position: 40, error_messages: 48, filter: 56, filter_counter: 64, msg: 72,
});

/// Bytes received and not yet used.
#[repr(C)]
#[derive(Debug)]
pub struct DltReceiver {
    /// Bytes of the last read.
    pub last_bytes_rcvd: i32,
    /// Bytes waiting.
    pub bytes_rcvd: i32,
    /// Bytes so far.
    pub total_bytes_rcvd: i32,
    /// Start of the buffer.
    pub buffer: *mut c_char,
    /// Start of what waits.
    pub buf: *mut c_char,
    /// What was left over.
    pub backup_buf: *mut c_char,
    /// Descriptor.
    pub fd: c_int,
    /// Kind of descriptor.
    pub receiver_type: DltReceiverType,
    /// Size of the buffer.
    pub buffersize: i32,
    /// Sender.
    pub addr: sockaddr_in,
}
layout!(DltReceiver, 72 {
    last_bytes_rcvd: 0, bytes_rcvd: 4, total_bytes_rcvd: 8, buffer: 16, buf: 24, backup_buf: 32,
    fd: 40, receiver_type: 44, buffersize: 48, addr: 52,
});

/// A ring of blocks, in the caller's memory or the C allocator's.
#[repr(C)]
#[derive(Debug)]
pub struct DltBuffer {
    /// Start of the memory.
    pub shm: *mut c_uchar,
    /// Bytes for blocks.
    pub size: c_uint,
    /// Start of the blocks.
    pub mem: *mut c_uchar,
    /// Smallest size.
    pub min_size: u32,
    /// Largest size.
    pub max_size: u32,
    /// Growth.
    pub step_size: u32,
}
layout!(DltBuffer, 40 { shm: 0, size: 8, mem: 16, min_size: 24, max_size: 28, step_size: 32 });

/// A connection to a daemon.
#[repr(C)]
#[derive(Debug)]
pub struct DltClient {
    /// What was received.
    pub receiver: DltReceiver,
    /// Connection.
    pub sock: c_int,
    /// Address of the daemon, in memory of the C allocator.
    pub serv_ip: *mut c_char,
    /// Address of the interface, in memory of the C allocator.
    pub hostip: *mut c_char,
    /// Port. 2.18.11 declares its low half only.
    pub port: c_int,
    /// Device, in memory of the C allocator.
    pub serial_device: *mut c_char,
    /// Socket, in memory of the C allocator.
    pub socket_path: *mut c_char,
    /// Control unit.
    pub ecuid: [u8; DLT_ID_SIZE],
    /// Speed of the device.
    pub baudrate: speed_t,
    /// Kind of connection.
    pub mode: DltClientMode,
    /// Whether serial headers are sent.
    pub send_serial_header: c_int,
    /// Whether serial headers are looked for.
    pub resync_serial_header: c_int,
}
layout!(DltClient, 144 {
    receiver: 0, sock: 72, serv_ip: 80, hostip: 88, port: 96, serial_device: 104,
    socket_path: 112, ecuid: 120, baudrate: 124, mode: 128, send_serial_header: 132,
    resync_serial_header: 136,
});

/// What a daemon says about a context.
#[repr(C)]
#[derive(Debug)]
pub struct ContextIDsInfoType {
    /// Identifier.
    pub context_id: [u8; DLT_ID_SIZE],
    /// Level.
    pub log_level: i16,
    /// Trace status.
    pub trace_status: i16,
    /// Length of the description.
    pub len_context_description: u16,
    /// Description, in memory of the C allocator.
    pub context_description: *mut c_char,
}
layout!(ContextIDsInfoType, 24 {
    context_id: 0, log_level: 4, trace_status: 6, len_context_description: 8,
    context_description: 16,
});

/// What a daemon says about an application.
#[repr(C)]
#[derive(Debug)]
pub struct AppIDsType {
    /// Identifier.
    pub app_id: [u8; DLT_ID_SIZE],
    /// Number of contexts.
    pub count_context_ids: u16,
    /// Contexts, in memory of the C allocator.
    pub context_id_info: *mut ContextIDsInfoType,
    /// Length of the description.
    pub len_app_description: u16,
    /// Description, in memory of the C allocator.
    pub app_description: *mut c_char,
}
layout!(AppIDsType, 32 {
    app_id: 0, count_context_ids: 4, context_id_info: 8, len_app_description: 16,
    app_description: 24,
});

/// What a daemon says about all applications.
#[repr(C)]
#[derive(Debug)]
pub struct LogInfoType {
    /// Number of applications.
    pub count_app_ids: u16,
    /// Applications, in memory of the C allocator.
    pub app_ids: *mut AppIDsType,
}
layout!(LogInfoType, 16 { count_app_ids: 0, app_ids: 8 });

/// A daemon's answer to "get log info".
#[repr(C)]
#[derive(Debug)]
pub struct DltServiceGetLogInfoResponse {
    /// Service.
    pub service_id: u32,
    /// Status.
    pub status: u8,
    /// Applications.
    pub log_info_type: LogInfoType,
    /// Communication interface.
    pub com: [u8; DLT_ID_SIZE],
}
layout!(DltServiceGetLogInfoResponse, 32 { service_id: 0, status: 4, log_info_type: 8, com: 24 });

/// `NAME_MAX` and a NUL.
pub const NAME_SIZE: usize = 256;

/// A log kept in several files.
#[repr(C)]
#[derive(Debug)]
pub struct MultipleFilesRingBuffer {
    /// Where they are.
    pub directory: [u8; NAME_SIZE],
    /// The present one.
    pub filename: [u8; NAME_SIZE],
    /// Bytes of one, at most.
    pub file_size: c_int,
    /// Bytes of all, at most.
    pub max_size: c_int,
    /// Whether names have the time.
    pub filename_timestamp_based: bool,
    /// First part of the names.
    pub filename_base: [u8; NAME_SIZE],
    /// Last part of the names.
    pub filename_ext: [u8; NAME_SIZE],
    /// Descriptor of the present one.
    pub ohandle: c_int,
}
layout!(MultipleFilesRingBuffer, 1040 {
    directory: 0, filename: 256, file_size: 512, max_size: 516, filename_timestamp_based: 520,
    filename_base: 521, filename_ext: 777, ohandle: 1036,
});
