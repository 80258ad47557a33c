//! `dlt_env_*` that no header declares: the steps of `dlt_env_extract_ll_set`. Each reads from a
//! text and moves the caller's pointer on by what it read, also when it fails.

use core::ptr;

use libc::{c_char, c_int};

use super::arg;
use super::code::{Code, guard, guard_or};
use super::types::{DLT_ID_SIZE, dlt_env_ll_item, dlt_env_ll_set};

/// Room for the longest name of a level and a NUL.
const NAME_SIZE: usize = 8;
/// The array grows by this many items.
const STEP: usize = 10;

/// What was read, and how far.
struct Read<T> {
    value: Option<T>,
    bytes: usize,
}

/// Copies a name up to its NUL or a semicolon, in lower case and terminated. -1 when it does not
/// fit or for NULL, else 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_env_helper_to_lower(
    env: *mut *mut c_char,
    result: *mut c_char,
    max_len: c_int,
) -> c_int {
    // SAFETY: NULL or so many bytes, as the caller promises.
    let room = unsafe { arg::room(result, usize::try_from(max_len).unwrap_or(0)) };
    // SAFETY: NULL or a pointer to a string, as the caller promises.
    unsafe { reading(env, room, lower) }
}

/// Copies an id that a colon follows. -1 without the colon or for NULL, else 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_env_extract_id(env: *mut *mut c_char, id: *mut c_char) -> c_int {
    // SAFETY: NULL or four bytes, as the caller promises.
    let id = unsafe { arg::out(id.cast::<[u8; DLT_ID_SIZE]>()) };
    // SAFETY: NULL or a pointer to a string, as the caller promises.
    unsafe { reading(env, id, extract_id) }
}

/// Reads the name of a level. -1 when it is none or for NULL, else 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_env_extract_symbolic_ll(env: *mut *mut c_char, ll: *mut i8) -> c_int {
    // SAFETY: NULL or writable, as the caller promises.
    let ll = unsafe { arg::out(ll) };
    // SAFETY: NULL or a pointer to a string, as the caller promises.
    unsafe { reading(env, ll, symbolic_level) }
}

/// Reads a level, a number or a name, that a semicolon or the end follows. -1 when it is none or
/// for NULL, else 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_env_extract_ll(env: *mut *mut c_char, ll: *mut i8) -> c_int {
    // SAFETY: NULL or writable, as the caller promises.
    let ll = unsafe { arg::out(ll) };
    // SAFETY: NULL or a pointer to a string, as the caller promises.
    unsafe { reading(env, ll, extract_level) }
}

/// Reads an item: two ids and a level. -1 when it is none or for NULL, else 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_env_extract_ll_item(
    env: *mut *mut c_char,
    item: *mut dlt_env_ll_item,
) -> c_int {
    // SAFETY: NULL or writable, as the caller promises.
    let item = unsafe { arg::out(item) };
    // SAFETY: NULL or a pointer to a string, as the caller promises.
    unsafe { reading(env, item, extract_item) }
}

/// Whether two ids are the same: 1 or 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_env_ids_match(a: *const c_char, b: *const c_char) -> c_int {
    // SAFETY: NULL, or a NUL or four bytes, as the caller promises.
    let a = unsafe { id(a) };
    // SAFETY: as above.
    let b = unsafe { id(b) };
    c_int::from(a.is_some() && a == b)
}

/// How much an item says about a context: 4 both ids, 3 the application, 2 the context, 1 neither;
/// 0 if it is about others, -1 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_env_ll_item_get_matching_prio(
    item: *const dlt_env_ll_item,
    apid: *const c_char,
    ctid: *const c_char,
) -> c_int {
    // SAFETY: NULL or an item, as the caller promises.
    let item = unsafe { arg::opt_ref(item) };
    // SAFETY: NULL, or a NUL or four bytes, as the caller promises.
    let apid = unsafe { id(apid) };
    // SAFETY: as above.
    let ctid = unsafe { id(ctid) };
    let (Some(item), Some(apid), Some(ctid)) = (item, apid, ctid) else {
        return Code::ERROR.0;
    };
    let (app, context) = (item.app_id, item.ctx_id);
    match (app.first() == Some(&0), context.first() == Some(&0)) {
        (false, false) if app == apid && context == ctid => 4,
        (false, true) if app == apid => 3,
        (true, false) if context == ctid => 2,
        (true, true) => 1,
        _ => 0,
    }
}

/// Prepares a set with room for ten items. -1 for NULL or without memory, else 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_env_init_ll_set(ll_set: *mut dlt_env_ll_set) -> c_int {
    guard(|| {
        // SAFETY: NULL or writable, as the caller promises.
        let set = unsafe { arg::out(ll_set) }.map_err(|_| Code::ERROR)?;
        *set = dlt_env_ll_set { item: ptr::null_mut(), array_size: 0, num_elem: 0 };
        // SAFETY: an empty set.
        unsafe { increase(set) }
    })
}

/// Makes room for ten more items. -1 for NULL or without memory, else 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_env_increase_ll_set(ll_set: *mut dlt_env_ll_set) -> c_int {
    guard(|| {
        // SAFETY: NULL or a set, as the caller promises.
        let set = unsafe { arg::out(ll_set) }.map_err(|_| Code::ERROR)?;
        // SAFETY: as above.
        unsafe { increase(set) }
    })
}

/// # Safety
/// The set's items are of the C allocator, or NULL.
unsafe fn increase(set: &mut dlt_env_ll_set) -> Result<(), Code> {
    let larger = set.array_size.checked_add(STEP).ok_or(Code::ERROR)?;
    let bytes = larger.checked_mul(size_of::<dlt_env_ll_item>()).ok_or(Code::ERROR)?;
    // SAFETY: NULL or of the C allocator, by this function's contract.
    let items = unsafe { libc::realloc(set.item.cast(), bytes) };
    if items.is_null() {
        return Err(Code::ERROR);
    }
    (set.item, set.array_size) = (items.cast(), larger);
    Ok(())
}

/// # Safety
/// `text` is NULL, or readable up to its NUL or four bytes.
unsafe fn id(text: *const c_char) -> Option<[u8; DLT_ID_SIZE]> {
    // SAFETY: by this function's contract.
    (!text.is_null()).then(|| unsafe { arg::prefix(text) })
}

/// Reads from `*env` to `to`, and moves it on.
///
/// # Safety
/// `env` is NULL or writable, and `*env` NULL or a string.
unsafe fn reading<T>(
    env: *mut *mut c_char,
    to: Result<T, Code>,
    read: impl FnOnce(&[u8], T) -> Read<()>,
) -> c_int {
    guard_or(Code::ERROR.0, || {
        // SAFETY: NULL or writable by this function's contract.
        let (Some(env), Ok(to)) = (unsafe { arg::opt_mut(env) }, to) else {
            return Code::ERROR.0;
        };
        // SAFETY: NULL or a string by this function's contract.
        let Some(text) = (unsafe { arg::opt_cstr(*env) }) else {
            return Code::ERROR.0;
        };
        let Read { value, bytes } = read(text, to);
        *env = env.wrapping_add(bytes);
        if value.is_some() { Code::OK.0 } else { Code::ERROR.0 }
    })
}

fn lower(text: &[u8], room: &mut [u8]) -> Read<()> {
    let length = text.iter().take_while(|byte| **byte != b';').count();
    let bytes = length.min(room.len().saturating_sub(1));
    let lower = text.iter().take(bytes).map(u8::to_ascii_lowercase).chain([0]);
    for (to, from) in room.iter_mut().zip(lower) {
        *to = from;
    }
    Read { value: (bytes == length).then_some(()), bytes }
}

fn extract_id(text: &[u8], id: &mut [u8; DLT_ID_SIZE]) -> Read<()> {
    *id = [0; DLT_ID_SIZE];
    let bytes = text.iter().take(DLT_ID_SIZE).take_while(|byte| **byte != b':').count();
    for (to, from) in id.iter_mut().zip(text.iter().take(bytes)) {
        *to = *from;
    }
    Read { value: (text.get(bytes) == Some(&b':')).then_some(()), bytes }
}

fn symbolic_level(text: &[u8], level: &mut i8) -> Read<()> {
    let mut name = [0; NAME_SIZE];
    let Read { value, bytes } = lower(text, &mut name);
    let name = name.get(..bytes).unwrap_or_default();
    let code = match name {
        _ if value.is_none() => None,
        b"default" => Some(-1),
        b"off" => Some(0),
        b"fatal" => Some(1),
        b"error" => Some(2),
        b"warning" | b"warn" => Some(3),
        b"info" => Some(4),
        b"debug" => Some(5),
        b"verbose" => Some(6),
        _ => None,
    };
    Read { value: code.map(|code| *level = code), bytes }
}

fn extract_level(text: &[u8], level: &mut i8) -> Read<()> {
    let (code, bytes) = match text {
        [b'-', b'1', ..] => (Some(-1), 2),
        [b'-', ..] => (None, 1),
        [digit @ b'0'..=b'6', ..] => (Some((digit - b'0').cast_signed()), 1),
        [b'0'..=b'9', ..] => (None, 1),
        _ => return symbolic_level(text, level),
    };
    let ends = matches!(text.get(bytes), None | Some(b';'));
    if let Some(code) = code {
        *level = code;
    }
    Read { value: (code.is_some() && ends).then_some(()), bytes }
}

fn extract_item(text: &[u8], item: &mut dlt_env_ll_item) -> Read<()> {
    let mut read = dlt_env_ll_item { app_id: [0; 4], ctx_id: [0; 4], ll: 0 };
    let mut at = 0;
    let mut value = Some(());
    for id in [&mut read.app_id, &mut read.ctx_id] {
        if value.is_some() {
            let part = extract_id(text.get(at..).unwrap_or_default(), id);
            value = part.value;
            // With the colon, if it is there.
            at += part.bytes + usize::from(value.is_some());
        }
    }
    if value.is_some() {
        let part = extract_level(text.get(at..).unwrap_or_default(), &mut read.ll);
        value = part.value;
        at += part.bytes;
    }
    *item = read;
    Read { value, bytes: at }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(text: &str) -> (Option<()>, usize, i8) {
        let mut level = 99;
        let Read { value, bytes } = extract_level(text.as_bytes(), &mut level);
        (value, bytes, level)
    }

    // As libdlt 2.18.8 reads them, but for the names before a semicolon and "-".
    #[test]
    fn levels_are_numbers_or_names_up_to_a_semicolon() {
        assert_eq!(level("3;x"), (Some(()), 1, 3));
        assert_eq!(level("-1"), (Some(()), 2, -1));
        assert_eq!(level("7"), (None, 1, 99));
        assert_eq!(level("-2"), (None, 1, 99));
        assert_eq!(level("-"), (None, 1, 99));
        assert_eq!(level("10"), (None, 1, 1));
        assert_eq!(level(""), (None, 0, 99));
        assert_eq!(level("INFO;x"), (Some(()), 4, 4));
        assert_eq!(level("warn"), (Some(()), 4, 3));
        assert_eq!(level("defaultx"), (None, 7, 99));
    }

    #[test]
    fn an_item_is_two_ids_and_a_level() {
        let item = |text: &str| {
            let mut item = dlt_env_ll_item { app_id: [b'#'; 4], ctx_id: [b'#'; 4], ll: 9 };
            let Read { value, bytes } = extract_item(text.as_bytes(), &mut item);
            (value, bytes, item.app_id, item.ctx_id, item.ll)
        };
        assert_eq!(item("A:B:3;C"), (Some(()), 5, *b"A\0\0\0", *b"B\0\0\0", 3));
        assert_eq!(item("ABCDE::3"), (None, 4, *b"ABCD", [0; 4], 0));
        assert_eq!(item("A:B"), (None, 3, *b"A\0\0\0", *b"B\0\0\0", 0));
        assert_eq!(item(""), (None, 0, [0; 4], [0; 4], 0));
    }
}
