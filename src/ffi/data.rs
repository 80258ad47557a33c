//! The data that the library exports. Sizes are those that programs were linked with.

use core::ptr::addr_of_mut;

use libc::c_char;

/// A constant string that C programs read.
#[repr(transparent)]
#[derive(Debug)]
pub struct Name(*const c_char);

impl Name {
    /// A name.
    pub const fn new(text: &'static core::ffi::CStr) -> Self {
        Self(text.as_ptr())
    }

    /// As C sees it.
    pub const fn as_ptr(&self) -> *const c_char {
        self.0
    }
}

// SAFETY: points to a constant that nobody writes.
unsafe impl Sync for Name {}

macro_rules! names {
    ($($text:literal),+ $(,)?) => {
        [$(Name::new($text)),+]
    };
}

/// `DLT_PIPE_DIR`, or `/tmp`, as of the last start of the library.
#[unsafe(no_mangle)]
pub static mut dltFifoBaseDir: [c_char; 1024] = {
    let mut directory = [0; 1024];
    directory[0] = b'/' as c_char;
    directory[1] = b't' as c_char;
    directory[2] = b'm' as c_char;
    directory[3] = b'p' as c_char;
    directory
};

/// In front of a message on a serial line.
#[unsafe(no_mangle)]
pub static dltSerialHeader: [u8; 4] = *b"DLS\x01";

/// The same, writable for historical reasons.
#[unsafe(no_mangle)]
pub static mut dltSerialHeaderChar: [u8; 4] = *b"DLS\x01";

/// Names of the control services of the protocol, by id.
#[unsafe(no_mangle)]
pub static dlt_service_names: [Name; 21] = names![
    c"DLT_SERVICE_ID",
    c"DLT_SERVICE_ID_SET_LOG_LEVEL",
    c"DLT_SERVICE_ID_SET_TRACE_STATUS",
    c"DLT_SERVICE_ID_GET_LOG_INFO",
    c"DLT_SERVICE_ID_GET_DEFAULT_LOG_LEVEL",
    c"DLT_SERVICE_ID_STORE_CONFIG",
    c"DLT_SERVICE_ID_RESET_TO_FACTORY_DEFAULT",
    c"DLT_SERVICE_ID_SET_COM_INTERFACE_STATUS",
    c"DLT_SERVICE_ID_SET_COM_INTERFACE_MAX_BANDWIDTH",
    c"DLT_SERVICE_ID_SET_VERBOSE_MODE",
    c"DLT_SERVICE_ID_SET_MESSAGE_FILTERING",
    c"DLT_SERVICE_ID_SET_TIMING_PACKETS",
    c"DLT_SERVICE_ID_GET_LOCAL_TIME",
    c"DLT_SERVICE_ID_USE_ECU_ID",
    c"DLT_SERVICE_ID_USE_SESSION_ID",
    c"DLT_SERVICE_ID_USE_TIMESTAMP",
    c"DLT_SERVICE_ID_USE_EXTENDED_HEADER",
    c"DLT_SERVICE_ID_SET_DEFAULT_LOG_LEVEL",
    c"DLT_SERVICE_ID_SET_DEFAULT_TRACE_STATUS",
    c"DLT_SERVICE_ID_GET_SOFTWARE_VERSION",
    c"DLT_SERVICE_ID_MESSAGE_BUFFER_OVERFLOW",
];

/// Names of the control services that COVESA added, by id from 0xF00 on.
#[unsafe(no_mangle)]
pub static dlt_user_service_names: [Name; 15] = names![
    c"DLT_USER_SERVICE_ID",
    c"DLT_SERVICE_ID_UNREGISTER_CONTEXT",
    c"DLT_SERVICE_ID_CONNECTION_INFO",
    c"DLT_SERVICE_ID_TIMEZONE",
    c"DLT_SERVICE_ID_MARKER",
    c"DLT_SERVICE_ID_OFFLINE_LOGSTORAGE",
    c"DLT_SERVICE_ID_PASSIVE_NODE_CONNECT",
    c"DLT_SERVICE_ID_PASSIVE_NODE_CONNECTION_STATUS",
    c"DLT_SERVICE_ID_SET_ALL_LOG_LEVEL",
    c"DLT_SERVICE_ID_SET_ALL_TRACE_STATUS",
    c"DLT_SERVICE_ID_UNDEFINED",
    c"DLT_SERVICE_ID_RESERVED",
    c"DLT_SERVICE_ID_RESERVED",
    c"DLT_SERVICE_ID_RESERVED",
    c"DLT_SERVICE_ID_RESERVED",
];

/// Shows `directory` in `dltFifoBaseDir`, cut at 1,023 bytes. The library itself does not read it.
pub fn set_fifo_base_dir(directory: &[u8]) {
    let to = addr_of_mut!(dltFifoBaseDir).cast::<u8>();
    let bytes = directory.iter().copied().take(1023).chain([0]);
    for (offset, byte) in bytes.enumerate() {
        // SAFETY: at most 1,024 bytes are written to an array of as many. Programs may read it
        // meanwhile and then see a mixture, as with libdlt.
        unsafe { to.wrapping_add(offset).write_volatile(byte) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_that_is_too_long_is_cut_and_terminated() {
        set_fifo_base_dir(&[b'd'; 2000]);
        let last = addr_of_mut!(dltFifoBaseDir).cast::<u8>().wrapping_add(1023);
        // SAFETY: within the array, and no other test uses it.
        assert_eq!(unsafe { last.read() }, 0);
        // SAFETY: as above.
        assert_eq!(unsafe { last.wrapping_sub(1).read() }, b'd');
    }
}
