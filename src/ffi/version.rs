//! What this library says of its version. Consumers check the version of the interface, which is
//! that of the release whose interface it is; the crate's own is told in the revision.

#![forbid(unsafe_code)]

/// Major version of the interface.
pub const MAJOR: &str = "2";
/// Minor version of the interface.
pub const MINOR: &str = "18";
/// Text of `dlt_get_version`. Its words have fixed places: python-dlt takes the fourth one.
pub const PACKAGE: &str = concat!(
    "DLT Package Version: 2.18.8 STABLE, Package Revision: libdlt-ng-",
    env!("CARGO_PKG_VERSION"),
    ", build on ",
    env!("DLT_NG_BUILD_DATE"),
    "\n-SYSTEMD -SYSTEMD_WATCHDOG -TEST -SHM\n"
);

use super::code::Code;
use crate::diagnostics;

/// Compares the version that a program was built with.
pub fn check(major: &[u8], minor: &[u8]) -> Result<(), Code> {
    if major == MAJOR.as_bytes() && minor == MINOR.as_bytes() {
        return Ok(());
    }
    let (major, minor) = (major.escape_ascii(), minor.escape_ascii());
    diagnostics::warn(format_args!(
        "the program was built for version {major}.{minor} of libdlt; this is {MAJOR}.{MINOR}"
    ));
    Err(Code::ERROR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fourth_word_of_the_text_is_the_version_of_the_interface() {
        let version = PACKAGE.split_whitespace().nth(3).unwrap();
        let mut parts = version.split('.');
        assert_eq!((parts.next(), parts.next()), (Some(MAJOR), Some(MINOR)));
        assert_eq!(version, "2.18.8");
    }
}
