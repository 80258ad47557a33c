//! The exported names of the functions with a variable number of arguments. Stable Rust cannot
//! define such functions, and rustc exports no symbol of a C object: so each name is a naked
//! function that jumps into `shim.c`, with all argument registers as the caller left them.
//!
//! The other way round the shim needs four functions of Rust's under a name that C can write but
//! that nobody outside sees. A `no_mangle` function would be exported; a hidden label beside the
//! jump is not.
//!
//! cbindgen does not read this file: the prototypes stand in `include/cbindgen/dlt_common.toml`.

use core::arch::naked_asm;

use libc::{FILE, c_char, c_int};

use super::arg;
use super::code::{Code, guard, guard_or};
use crate::diagnostics;

unsafe extern "C" {
    fn dlt_shim_vlog();
    fn dlt_shim_vnlog();
    fn dlt_shim_user_printf();
    fn dlt_shim_log_multiple_files_write();
    fn dlt_shim_execute_command();
}

#[cfg(target_arch = "x86_64")]
macro_rules! jump {
    () => {
        "jmp"
    };
}
#[cfg(target_arch = "aarch64")]
macro_rules! jump {
    () => {
        "b"
    };
}

/// A jump to the shim, and beside it the hidden label under which the shim finds `$rust`.
macro_rules! trampoline {
    ($shim:ident, $label:literal => $rust:ident) => {
        naked_asm!(
            concat!(jump!(), " {shim}"),
            concat!(".globl ", $label),
            concat!(".hidden ", $label),
            concat!(".type ", $label, ", %function"),
            concat!($label, ":"),
            concat!(jump!(), " {rust}"),
            shim = sym $shim,
            rust = sym $rust,
        )
    };
}

pub(super) use {jump, trampoline};

/// Prints a formatted message where the internal log goes; see `dlt_common.h`.
#[unsafe(naked)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_vlog() {
    trampoline!(dlt_shim_vlog, "dlt_shim_passes" => passes)
}

/// Prints a formatted message of limited size where the internal log goes; see `dlt_common.h`.
#[unsafe(naked)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_vnlog() {
    trampoline!(dlt_shim_vnlog, "dlt_shim_log" => log)
}

/// Prints formatted text on standard output or error; see `dlt_common.h`.
#[unsafe(naked)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_printf() {
    trampoline!(dlt_shim_user_printf, "dlt_shim_console" => console)
}

/// Writes formatted text to the log files; see `dlt_common.h`.
#[unsafe(naked)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_log_multiple_files_write() {
    trampoline!(dlt_shim_log_multiple_files_write, "dlt_shim_put_to_files" => put_to_files)
}

/// Runs a program; see `dlt_common.h`.
#[unsafe(naked)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_execute_command() {
    naked_asm!(concat!(jump!(), " {shim}"), shim = sym dlt_shim_execute_command)
}

extern "C" fn passes(prio: c_int) -> c_int {
    guard_or(0, || c_int::from(diagnostics::passes(prio)))
}

unsafe extern "C" fn log(prio: c_int, text: *const c_char) -> c_int {
    guard(|| {
        // SAFETY: the shim hands over a string that vsnprintf terminated.
        let text = unsafe { arg::cstr(text) }?;
        diagnostics::print(prio, text);
        Ok(Code::OK)
    })
}

extern "C" fn console() -> *mut FILE {
    diagnostics::console()
}

unsafe extern "C" fn put_to_files(text: *const c_char) {
    guard_or((), || {
        // SAFETY: the shim hands over a string that vsnprintf terminated.
        if let Some(text) = unsafe { arg::opt_cstr(text) } {
            diagnostics::put_to_files(text);
        }
    });
}
