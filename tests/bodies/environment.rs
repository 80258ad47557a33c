//! Environment variables.

use std::ffi::{CString, OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};

use dlt::config::{Config, InitialLevels, TIMEOUT_MAX_MS};
use dlt::ffi::types::dlt_env_ll_set;
use dlt::ffi::user::{dlt_env_adjust_ll_from_env, dlt_env_extract_ll_set, dlt_env_free_ll_set};
use dlt::types::{AppId, ContextId};

use super::message::{quiet, zeroed};

const VARIABLES: [&str; 15] = [
    "DLT_PIPE_DIR",
    "DLT_LOG_LEVEL",
    "DLT_LOG_MODE",
    "DLT_LOG_FILENAME",
    "DLT_LOCAL_PRINT_MODE",
    "DLT_INITIAL_LOG_LEVEL",
    "DLT_USER_BUFFER_MIN",
    "DLT_USER_BUFFER_MAX",
    "DLT_USER_BUFFER_STEP",
    "DLT_LOG_MSG_BUF_LEN",
    "DLT_DISABLE_EXTENDED_HEADER_FOR_NONVERBOSE",
    "DLT_DISABLE_INJECTION_MSG_AT_USER",
    "DLT_USER_OVERFLOW_MODE",
    "DLT_USER_TIMEOUT_MS",
    "DLT_DAEMON_TCP_PORT",
];

/// Parts that end with NULs: the first byte of each says which variable, the rest is its value.
pub fn input(input: &[u8]) {
    let mut values: [Option<&[u8]>; VARIABLES.len()] = [None; VARIABLES.len()];
    for part in input.split(|byte| *byte == 0) {
        if let [which, value @ ..] = part {
            values[usize::from(*which) % VARIABLES.len()] = Some(value);
            levels(value);
            let _a_port_or_none = dlt::client::port(value);
        }
    }
    let lookup = |name: &str| -> Option<OsString> {
        let place = VARIABLES.iter().position(|variable| *variable == name)?;
        values[place].map(|value| OsString::from_vec(value.to_vec()))
    };
    for privileged in [false, true] {
        variables(lookup, privileged);
    }
}

/// Reads a whole environment: all that comes of it is within limits.
fn variables(lookup: impl Fn(&str) -> Option<OsString>, privileged: bool) {
    let (config, warnings) = Config::from_lookup(&lookup, privileged);
    assert!(config.ring_slots.is_power_of_two());
    assert!((1024..=1 << 23).contains(&config.ring_slots));
    assert!(config.message_size_max >= 42);
    assert!(config.overflow_timeout.as_millis() <= TIMEOUT_MAX_MS.into());
    assert!(config.own_log.level.is_none_or(|level| level <= 7));
    assert!(!config.pipe_dir.as_os_str().is_empty());
    if privileged {
        assert_eq!(config.pipe_dir, Config::default().pipe_dir);
        assert_eq!(config.own_log.filename, None);
    }
    for warning in &warnings {
        let said = warning.to_string();
        assert!(!said.bytes().any(|byte| byte.is_ascii_control()), "{said:?}");
        assert!(said.len() < 1000, "a warning is short: {said}");
    }
    if let Some(directory) = lookup("DLT_PIPE_DIR") {
        let taken = config.pipe_dir.as_os_str() == directory.as_os_str();
        assert!(taken || config.pipe_dir.as_os_str() == OsStr::from_bytes(b"/tmp"));
    }
}

/// Reads initial log levels, for the library itself and as programs have them read.
fn levels(value: &[u8]) {
    quiet();
    let mut refused = 0;
    let items = InitialLevels::parse(value, |item| {
        assert!(item.len() <= value.len());
        refused += 1;
    });
    let most = value.iter().filter(|byte| **byte == b';').count() + 1;
    assert!(items.items().len() + refused <= most);
    let level = items.level_for(AppId(*b"APP1"), ContextId(*b"CTX1"));
    assert!(level.is_none() || !items.is_empty());

    let text = CString::new(value).unwrap();
    let begin = text.as_ptr().cast_mut();
    let mut end = begin;
    let mut set = zeroed::<dlt_env_ll_set>();
    // SAFETY: a string, which is only read, and a set of its own.
    let result = unsafe { dlt_env_extract_ll_set(&mut end, &mut *set) };
    let read = end as usize - begin as usize;
    assert!(read <= value.len(), "the pointer stays within the text");
    assert!(result == 0 || result == -1);
    assert!(set.num_elem <= most && set.num_elem <= set.array_size);
    // SAFETY: a set that was read, and four bytes each.
    let level =
        unsafe { dlt_env_adjust_ll_from_env(&*set, c"APP1".as_ptr(), c"CTX1".as_ptr(), 77) };
    assert!((-1..=6).contains(&level) || level == 77);
    // SAFETY: a set that was read.
    unsafe { dlt_env_free_ll_set(&mut *set) };
}
