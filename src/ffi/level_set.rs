//! `dlt_env_*`: sets of initial levels in memory of the C allocator.

use core::{ptr, slice};

use libc::{c_char, c_int};

use super::arg;
use super::code::Code;
use super::types::{DLT_ID_SIZE, dlt_env_ll_item, dlt_env_ll_set};
use crate::config::InitialLevels;
use crate::types::{AppId, ContextId, Level};

/// The array grows by this many items.
const STEP: usize = 10;

/// Reads `*env` to its end into a new array. Items that are not understood are left out, and make
/// the result an error.
///
/// # Safety
/// `*env` is NULL or a string.
pub(super) unsafe fn extract(env: &mut *mut c_char, set: &mut dlt_env_ll_set) -> Result<(), Code> {
    // SAFETY: by this function's contract.
    let text = unsafe { arg::opt_cstr(*env) }.ok_or(Code::ERROR)?;
    let mut understood = !text.is_empty();
    let levels = InitialLevels::parse(text, |_| understood = false);
    let capacity = levels.items().len().next_multiple_of(STEP).max(STEP);
    // SAFETY: has no requirement; the product is far below the address space.
    let items = unsafe { libc::calloc(capacity, size_of::<dlt_env_ll_item>()) };
    if items.is_null() {
        return Err(Code::ERROR);
    }
    *set =
        dlt_env_ll_set { item: items.cast(), array_size: capacity, num_elem: levels.items().len() };
    // SAFETY: `capacity` items, zeroed, of packed bytes.
    let room = unsafe { slice::from_raw_parts_mut(set.item, capacity) };
    for (to, (app, context, level)) in room.iter_mut().zip(levels.items()) {
        *to = dlt_env_ll_item { app_id: app.0, ctx_id: context.0, ll: level.code() };
    }
    // SAFETY: up to the string's NUL.
    *env = unsafe { env.add(text.len()) };
    if understood { Ok(()) } else { Err(Code::ERROR) }
}

/// The level that the set has for a context.
///
/// # Safety
/// The set was filled by [`extract`], or is zeroed.
pub(super) unsafe fn adjust(
    set: &dlt_env_ll_set,
    app: &[u8; DLT_ID_SIZE],
    context: &[u8; DLT_ID_SIZE],
) -> Option<c_int> {
    if set.item.is_null() {
        return None;
    }
    // SAFETY: `num_elem` items, by this function's contract.
    let items = unsafe { slice::from_raw_parts(set.item, set.num_elem) };
    let known = items.iter().filter_map(|item| {
        let level = Level::try_from(c_int::from(item.ll)).ok()?;
        Some((AppId(item.app_id), ContextId(item.ctx_id), level))
    });
    let level = InitialLevels::from_items(known).level_for(AppId(*app), ContextId(*context))?;
    Some(level.code().into())
}

/// Frees the array.
///
/// # Safety
/// As [`adjust`].
pub(super) unsafe fn free(set: &mut dlt_env_ll_set) {
    // SAFETY: NULL or from calloc.
    unsafe { libc::free(set.item.cast()) };
    *set = dlt_env_ll_set { item: ptr::null_mut(), array_size: 0, num_elem: 0 };
}
