//! What is to be told about a file.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use nix::errno::Errno;

use super::PACKAGE;
use crate::clock;
use crate::text::LocalTime;

/// What is known of a file. The protocol has 32 bits for its size, so larger ones wrap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Tells the file from others, and from itself when it has changed.
    pub serial: u32,
    /// Bytes.
    pub size: u32,
    /// Last change of the file or its attributes, in seconds since 1970. Viewers call it the date
    /// of creation.
    pub changed: i64,
}

impl Facts {
    /// Looks at a file.
    ///
    /// # Errors
    /// When it is not there, or may not be looked at.
    pub fn of(file: Option<&[u8]>) -> Result<Self, Errno> {
        let name = file.ok_or(Errno::EFAULT)?;
        let metadata = fs::metadata(path(name)).map_err(errno)?;
        let size = metadata.size() as u32; // modulo 2^32
        Ok(Self {
            serial: serial(metadata.ino(), size, metadata.ctime(), name),
            size,
            changed: metadata.ctime(),
        })
    }

    /// Number of packages: at least one.
    pub fn packages(self) -> u32 {
        self.size.div_ceil(PACKAGE).max(1)
    }

    /// The date as C's `ctime` gives it, newline included: receivers expect it.
    pub fn date(self) -> String {
        date(self.changed + clock::utc_offset_at(self.changed))
    }
}

/// libdlt's number for a file: viewers tell the messages of several transfers apart by it.
fn serial(inode: u64, size: u32, changed: i64, name: &[u8]) -> u32 {
    // Only the lower half of anything matters: nothing here carries downwards.
    let seed = ((inode as u32) << 16 | size) ^ changed as u32;
    name.iter().fold(seed, |hash, byte| {
        // C's char, whose sign depends on the processor.
        let byte = *byte as libc::c_char;
        hash.wrapping_mul(53).wrapping_add(byte as u32)
    })
}

fn date(local: i64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    // From 1970 to 2106, which is what printed messages have, too.
    let seconds = u32::try_from(local).unwrap_or(0);
    let time = LocalTime::utc(seconds, 0);
    let weekday = DAYS.get((seconds / 86_400 % 7) as usize).unwrap_or(&"");
    let month = usize::from(time.month).checked_sub(1);
    let month = month.and_then(|month| MONTHS.get(month)).unwrap_or(&"");
    format!(
        "{weekday} {month} {:2} {:02}:{:02}:{:02} {}\n",
        time.day, time.hour, time.minute, time.second, time.year
    )
}

/// The path that a C string names.
pub fn path(name: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(name))
}

/// The number of what went wrong.
pub fn errno(error: io::Error) -> Errno {
    error.raw_os_error().map_or(Errno::UnknownErrno, Errno::from_raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_size(size: u32) -> Facts {
        Facts { serial: 0, size, changed: 0 }
    }

    #[test]
    fn a_file_has_as_many_packages_as_its_bytes_fill_and_at_least_one() {
        let packages = |size| of_size(size).packages();
        assert_eq!([0, 1, 1023, 1024].map(packages), [1; 4]);
        assert_eq!([1025, 2048, 2049, 5000].map(packages), [2, 2, 3, 5]);
        assert_eq!(packages(u32::MAX), 1 << 22);
    }

    #[test]
    fn the_serial_number_is_the_one_that_libdlt_gives() {
        // Told by libdlt 2.18.8 on x86-64.
        let number =
            |inode, size, changed, name: &str| serial(inode, size, changed, name.as_bytes());
        assert_eq!(number(10_199_772, 0, 1_795_204_297, "f0"), 4_127_995_599);
        assert_eq!(number(10_199_793, 5000, 1_795_204_298, "f5000"), 4_246_668_049);
        if libc::c_char::MIN != 0 {
            assert_eq!(number(10_200_252, 2, 1_795_204_471, "gr\u{fc}n"), 3_605_044_591);
        }
    }

    #[test]
    fn a_date_is_written_as_ctime_writes_it() {
        assert_eq!(date(0), "Thu Jan  1 00:00:00 1970\n");
        assert_eq!(date(1_795_204_298), "Fri Nov 20 19:51:38 2026\n");
    }

    #[test]
    fn a_file_without_a_name_is_a_bad_address() {
        assert_eq!(Facts::of(None), Err(Errno::EFAULT));
    }
}
