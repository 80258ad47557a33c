//! What functions with a parameter `verbose` say of themselves.

use libc::c_int;

use crate::diagnostics::{self, severity};

/// Logs that the function was called, if its caller wants to know.
pub fn called(function: &str, verbose: c_int) {
    if verbose != 0 {
        diagnostics::print_args(severity::INFO, format_args!("{function}()\n"));
    }
}
