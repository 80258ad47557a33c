//! C functions as callbacks of the registry.

use core::ffi::c_void;
use std::sync::Arc;

use libc::{c_char, c_int};

use crate::instance::PressureChanged;
use crate::registry::{Injection, LevelChanged};

// What calls the application's functions: in C, where what they throw ends the program with a word.
unsafe extern "C" {
    fn dlt_shim_call_injection(
        function: InjectionFunction,
        service: u32,
        data: *mut c_void,
        length: u32,
    );
    fn dlt_shim_call_injection_with_data(
        function: InjectionFunctionWithData,
        service: u32,
        data: *mut c_void,
        length: u32,
        own: *mut c_void,
    );
    fn dlt_shim_call_level_changed(
        function: LevelChangedFunction,
        id: *mut c_char,
        level: u8,
        trace: u8,
    );
    fn dlt_shim_call_pressure(function: PressureFunction, crowded: c_int, own: *mut c_void);
}

/// Called with service, data and its length.
pub type InjectionFunction =
    unsafe extern "C" fn(service_id: u32, data: *mut c_void, length: u32) -> c_int;
/// Called with a pointer of the application's as well.
pub type InjectionFunctionWithData = unsafe extern "C" fn(
    service_id: u32,
    data: *mut c_void,
    length: u32,
    priv_data: *mut c_void,
) -> c_int;
/// Called with the context's identifier, level and trace status.
pub type LevelChangedFunction =
    unsafe extern "C" fn(context_id: *mut c_char, log_level: u8, trace_status: u8);

/// Called with 1 when the ring is crowded, with 0 when it is no more, and the application's pointer.
pub type PressureFunction = unsafe extern "C" fn(crowded: c_int, data: *mut c_void);

pub(super) fn pressure(function: PressureFunction, data: *mut c_void) -> PressureChanged {
    let data = data.expose_provenance();
    Arc::new(move |crowded| {
        let data = core::ptr::with_exposed_provenance_mut(data);
        // SAFETY: who registered the function promised that it may be called with this from any
        // thread until it is replaced.
        unsafe { dlt_shim_call_pressure(function, c_int::from(crowded), data) };
    })
}

pub(super) fn injection(function: InjectionFunction) -> Injection {
    Arc::new(move |service, data| {
        // The function may write to it.
        let mut data = data.to_vec();
        let length = u32::try_from(data.len()).unwrap_or(0);
        // SAFETY: who registered the function promised that it may be called with this from any
        // thread until the context is unregistered. Its result means nothing.
        unsafe { dlt_shim_call_injection(function, service, data.as_mut_ptr().cast(), length) };
    })
}

pub(super) fn injection_with_data(
    function: InjectionFunctionWithData,
    priv_data: *mut c_void,
) -> Injection {
    // An address, for the function to make a pointer of: what it leads to is the application's.
    let priv_data = priv_data.expose_provenance();
    Arc::new(move |service, data| {
        let mut data = data.to_vec();
        let length = u32::try_from(data.len()).unwrap_or(0);
        let priv_data = core::ptr::with_exposed_provenance_mut(priv_data);
        let data = data.as_mut_ptr().cast();
        // SAFETY: as for `injection`.
        unsafe { dlt_shim_call_injection_with_data(function, service, data, length, priv_data) };
    })
}

pub(super) fn level_changed(function: LevelChangedFunction) -> LevelChanged {
    Arc::new(move |id, level, trace| {
        let mut id = id.0;
        let (id, level) = (id.as_mut_ptr().cast(), level.cast_unsigned());
        // SAFETY: as for `injection`; four bytes, as documented.
        unsafe { dlt_shim_call_level_changed(function, id, level, trace.cast_unsigned()) };
    })
}
