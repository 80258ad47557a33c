//! A log kept in several files of limited size, of which the oldest are deleted.
//!
//! Files are named `base.0000000001.ext` and so on, or `base_20261120_195900.ext`. What is in the
//! directory is looked at each time, since others may delete files there; names that are not of
//! this shape are left alone.

#![forbid(unsafe_code)]

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::clock;
use crate::text::LocalTime;

/// Between name and number.
pub const NUMBER_DELIMITER: &str = ".";
/// Between name and time.
pub const TIME_DELIMITER: &str = "_";

const DIGITS: usize = 10;

/// How the files of a log are named and how large they get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    /// Where the files are.
    pub directory: PathBuf,
    /// First part of their names.
    pub base: Vec<u8>,
    /// Last part of their names, with its dot.
    pub extension: Vec<u8>,
    /// Names have the time instead of a number.
    pub by_time: bool,
    /// A file does not get larger than this.
    pub file_size: u64,
    /// All files together do not get larger than this.
    pub total_size: u64,
}

/// What there is of a log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Files with their sizes, the oldest first.
    pub files: Vec<(Vec<u8>, u64)>,
}

impl Found {
    /// Bytes of all files.
    pub fn total(&self) -> u64 {
        self.files.iter().map(|(_, size)| size).sum()
    }

    /// The newest file.
    pub fn newest(&self) -> Option<&[u8]> {
        self.files.last().map(|(name, _)| name.as_slice())
    }

    /// The oldest file.
    pub fn oldest(&self) -> Option<&[u8]> {
        self.files.first().map(|(name, _)| name.as_slice())
    }
}

/// The number in a file's name: what stands before its extension, or at its end.
pub fn number(name: &[u8]) -> u32 {
    let mut parts = name.rsplit(|byte| *byte == b'.');
    let last = parts.next().and_then(digits);
    last.or_else(|| parts.next().and_then(digits)).unwrap_or(0)
}

fn digits(text: &[u8]) -> Option<u32> {
    let all = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    if all { core::str::from_utf8(text).ok()?.parse().ok() } else { None }
}

/// Looks for files in `directory` whose names begin with `base` and a delimiter.
pub fn find(directory: &Path, base: &[u8]) -> io::Result<Found> {
    let mut found = Found::default();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name();
        let rest = name.as_bytes().strip_prefix(base);
        if !rest.is_some_and(|rest| matches!(rest.first(), Some(b'.' | b'_'))) {
            continue;
        }
        // A file that was deleted meanwhile is none.
        if let Ok(facts) = entry.metadata().map(|facts| (facts.is_file(), facts.len()))
            && facts.0
        {
            found.files.push((name.as_bytes().to_vec(), facts.1));
        }
    }
    // Both kinds of names are in the order of their age, as numbers have leading zeros.
    found.files.sort();
    Ok(found)
}

impl Scheme {
    /// The files of this log.
    pub fn found(&self) -> io::Result<Found> {
        let mut found = find(&self.directory, &self.base)?;
        found.files.retain(|(name, _)| self.is_mine(name));
        Ok(found)
    }

    fn is_mine(&self, name: &[u8]) -> bool {
        let middle = name
            .strip_prefix(self.base.as_slice())
            .and_then(|rest| rest.strip_suffix(self.extension.as_slice()));
        let stamp = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
        middle.and_then(<[u8]>::split_first).is_some_and(|(delimiter, rest)| match delimiter {
            b'.' if !self.by_time => stamp(rest),
            b'_' if self.by_time => rest.split(|byte| *byte == b'_').all(stamp),
            _ => false,
        })
    }

    /// Name of the file with a number; or, for names with the time, of the file of `now`.
    pub fn name(&self, number: u32, now: LocalTime) -> Vec<u8> {
        let middle = if self.by_time {
            let LocalTime { year, month, day, hour, minute, second, .. } = now;
            format!("{TIME_DELIMITER}{year:04}{month:02}{day:02}_{hour:02}{minute:02}{second:02}")
        } else {
            format!("{NUMBER_DELIMITER}{number:0DIGITS$}")
        };
        [self.base.as_slice(), middle.as_bytes(), self.extension.as_slice()].concat()
    }

    /// Deletes the oldest files until there is room for `more` bytes; `keep` is left alone.
    /// Returns how many were deleted.
    pub fn make_room(&self, more: u64, keep: Option<&[u8]>) -> io::Result<usize> {
        let found = self.found()?;
        let mut total = found.total();
        let mut deleted = 0;
        for (name, size) in found.files {
            if total.saturating_add(more) <= self.total_size {
                break;
            }
            if keep == Some(name.as_slice()) {
                continue;
            }
            fs::remove_file(self.path(&name))?;
            total -= size;
            deleted += 1;
        }
        Ok(deleted)
    }

    /// Deletes the oldest file and returns its size; None if there is none.
    pub fn delete_oldest(&self) -> io::Result<Option<u64>> {
        match self.found()?.files.into_iter().next() {
            Some((name, size)) => fs::remove_file(self.path(&name)).map(|()| Some(size)),
            None => Ok(None),
        }
    }

    /// Begins a new file, after the oldest ones were deleted as far as needed.
    pub fn begin(&self) -> io::Result<(File, Vec<u8>)> {
        let newest = self.found()?.newest().map_or(0, |name| self.number_of(name));
        self.make_room(self.file_size, None)?;
        let name = self.name(newest.wrapping_add(1), now());
        Ok((self.open(&name)?, name))
    }

    fn number_of(&self, name: &[u8]) -> u32 {
        let bare = name.strip_suffix(self.extension.as_slice()).unwrap_or(name);
        number(bare)
    }

    /// Goes on with the newest file, or begins one if there is none.
    pub fn resume(&self) -> io::Result<(File, Vec<u8>)> {
        match self.found()?.newest() {
            Some(name) => Ok((self.open(name)?, name.to_vec())),
            None => self.begin(),
        }
    }

    /// Whether `more` bytes would make a file of `size` bytes too large. An empty one takes any.
    pub fn is_full(&self, size: u64, more: usize) -> bool {
        size > 0 && size.saturating_add(more as u64) > self.file_size
    }

    fn open(&self, name: &[u8]) -> io::Result<File> {
        OpenOptions::new().append(true).create(true).mode(0o644).open(self.path(name))
    }

    fn path(&self, name: &[u8]) -> PathBuf {
        self.directory.join(OsStr::from_bytes(name))
    }
}

/// The time of now, as it is in names.
pub fn now() -> LocalTime {
    let seconds = i64::try_from(clock::wall().as_secs()).unwrap_or(0) + clock::utc_offset();
    LocalTime::utc(u32::try_from(seconds).unwrap_or(0), 0)
}

/// A path in its parts: directory, name without extension, extension with its dot. None without an
/// extension or a name.
pub fn parts(path: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (directory, file) = match path.iter().rposition(|byte| *byte == b'/') {
        Some(slash) => path.split_at_checked(slash + 1)?,
        None => (&b"."[..], path),
    };
    let (base, extension) = file.split_at_checked(file.iter().rposition(|byte| *byte == b'.')?)?;
    if base.is_empty() { None } else { Some((directory, base, extension)) }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn scheme(test: &str) -> Scheme {
        let name = format!("dlt-ng-rotation-{test}-{}", std::process::id());
        let directory = std::env::temp_dir().join(name);
        fs::create_dir_all(&directory).unwrap();
        Scheme {
            directory,
            base: b"log".to_vec(),
            extension: b".txt".to_vec(),
            by_time: false,
            file_size: 100,
            total_size: 350,
        }
    }

    fn names(scheme: &Scheme) -> Vec<String> {
        let found = scheme.found().unwrap();
        found.files.into_iter().map(|(name, _)| String::from_utf8(name).unwrap()).collect()
    }

    #[test]
    fn files_are_numbered_and_the_oldest_are_deleted() {
        let scheme = scheme("numbers");
        for _ in 0..6 {
            scheme.begin().unwrap().0.write_all(&[b'x'; 90]).unwrap();
        }
        assert_eq!(
            names(&scheme),
            ["log.0000000004.txt", "log.0000000005.txt", "log.0000000006.txt"]
        );
        assert!(scheme.found().unwrap().total() <= scheme.total_size);
        fs::remove_dir_all(&scheme.directory).unwrap();
    }

    #[test]
    fn the_newest_file_is_resumed() {
        let scheme = scheme("resume");
        let (_, first) = scheme.resume().unwrap();
        assert_eq!(first, b"log.0000000001.txt");
        scheme.begin().unwrap();
        let (_, second) = scheme.resume().unwrap();
        assert_eq!(second, b"log.0000000002.txt");
        fs::remove_dir_all(&scheme.directory).unwrap();
    }

    #[test]
    fn files_of_others_are_left_alone() {
        let scheme = scheme("others");
        for other in ["log.txt", "log.x.txt", "logbook.0000000001.txt", "log.1.text", "log_1.txt"] {
            fs::write(scheme.directory.join(other), [b'x'; 1000]).unwrap();
        }
        scheme.begin().unwrap();
        assert_eq!(names(&scheme), ["log.0000000001.txt"]);
        assert_eq!(fs::read_dir(&scheme.directory).unwrap().count(), 6);
        fs::remove_dir_all(&scheme.directory).unwrap();
    }

    #[test]
    fn names_with_the_time_sort_by_it() {
        let scheme = Scheme { by_time: true, ..scheme("time") };
        // 2026-11-20 01:02:03 UTC.
        let name = scheme.name(0, LocalTime::utc(1_795_136_523, 0));
        assert_eq!(name, b"log_20261120_010203.txt");
        fs::write(scheme.directory.join("log_20261120_010203.txt"), "old").unwrap();
        fs::write(scheme.directory.join("log_20251120_010203.txt"), "older").unwrap();
        let found = scheme.found().unwrap();
        assert_eq!(found.oldest(), Some(&b"log_20251120_010203.txt"[..]));
        assert_eq!(found.total(), 8);
        scheme.begin().unwrap();
        assert_eq!(names(&scheme).len(), 3);
        fs::remove_dir_all(&scheme.directory).unwrap();
    }

    #[test]
    fn a_path_has_directory_name_and_extension() {
        assert_eq!(parts(b"/tmp/a.b.log"), Some((&b"/tmp/"[..], &b"a.b"[..], &b".log"[..])));
        assert_eq!(parts(b"a.log"), Some((&b"."[..], &b"a"[..], &b".log"[..])));
        assert_eq!(parts(b"/tmp.d/a"), None);
        assert_eq!(parts(b"/tmp/.log"), None);
        assert_eq!(parts(b""), None);
    }

    #[test]
    fn a_number_is_found_before_the_extension() {
        assert_eq!(number(b"log.0000000012.txt"), 12);
        assert_eq!(number(b"a.b.7.dlt"), 7);
        assert_eq!(number(b"a.7"), 7);
        assert_eq!(number(b"a.txt"), 0);
        assert_eq!(number(b"a.99999999999.txt"), 0);
    }
}
