//! `dlt_protocol.h`: its one function. The prototype stands in the header, which is written by hand.

use libc::{c_char, c_uint};

use super::data::{self, Name};

/// First id of [`data::dlt_user_service_names`].
const USER_SERVICES: c_uint = 0xf00;
/// Injections.
const INJECTION: c_uint = 0xfff;

/// The name of a control service, or "UNDEFINED".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_get_service_name(id: c_uint) -> *const c_char {
    let named = match id {
        0 | USER_SERVICES => None,
        INJECTION => return c"DLT_SERVICE_ID_CALLSW_CINJECTION".as_ptr(),
        id if id > USER_SERVICES => name(&data::dlt_user_service_names, id - USER_SERVICES),
        id => name(&data::dlt_service_names, id),
    };
    named.map_or(c"UNDEFINED".as_ptr(), Name::as_ptr)
}

fn name(names: &[Name], number: c_uint) -> Option<&Name> {
    usize::try_from(number).ok().and_then(|number| names.get(number))
}

#[cfg(test)]
mod tests {
    use core::ffi::CStr;

    use super::*;

    fn named(id: c_uint) -> &'static str {
        // SAFETY: takes any number.
        let name = unsafe { dlt_get_service_name(id) };
        // SAFETY: one of the constants of this library.
        unsafe { CStr::from_ptr(name) }.to_str().unwrap()
    }

    // What libdlt 2.18.8 answers.
    #[test]
    fn services_have_names_and_gaps_have_none() {
        assert_eq!(named(0x01), "DLT_SERVICE_ID_SET_LOG_LEVEL");
        assert_eq!(named(0x14), "DLT_SERVICE_ID_MESSAGE_BUFFER_OVERFLOW");
        assert_eq!(named(0xf01), "DLT_SERVICE_ID_UNREGISTER_CONTEXT");
        assert_eq!(named(0xf0a), "DLT_SERVICE_ID_UNDEFINED");
        assert_eq!(named(0xf0e), "DLT_SERVICE_ID_RESERVED");
        assert_eq!(named(0xfff), "DLT_SERVICE_ID_CALLSW_CINJECTION");
        for none in [0, 0x15, 0xeff, 0xf00, 0xf0f, 0xffe, 0x1000, c_uint::MAX] {
            assert_eq!(named(none), "UNDEFINED", "{none:#x}");
        }
    }
}
