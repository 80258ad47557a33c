//! The exported names of the functions with a variable number of arguments. Stable Rust cannot
//! define such functions, and rustc exports no symbol of a C object: so each name is a naked
//! function that jumps into `shim.c`, with all argument registers as the caller left them.
//!
//! The other way round the shim needs three functions of Rust's under a name that C can write but
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
