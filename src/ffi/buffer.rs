//! The rings of blocks of `dlt_common.h`. What is in them is [`crate::blocks`]'s; here are the
//! memory and its growth.

#![expect(clippy::missing_safety_doc, reason = "the comments are the C header")]

use core::{ptr, slice};

use libc::{c_int, c_uchar, c_uint, c_void};

use super::arg;
use super::code::{Code, guard, guard_or};
use super::types::{DltBuffer, DltReturnValue};
use crate::blocks::{self, Blocks, Error, Positions};
use crate::diagnostics::{print_args, severity};

/// Bytes in front of the blocks.
const HEAD: u32 = size_of::<Positions>() as u32;
/// Positions are `int`s.
const LARGEST: u32 = i32::MAX as u32;

/// Prepare a ring of blocks in memory of the caller's. It is cleared.
///
/// @param buf ring
/// @param ptr memory, which has to stay as long as the ring is used
/// @param size its size: at least 12 bytes, which the ring needs itself
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL or a size that is not valid
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_buffer_init_static_server(
    buf: *mut DltBuffer,
    ptr: *const c_uchar,
    size: u32,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or writable, as documented.
        let ring = unsafe { over_memory(buf, ptr, size) }?;
        // SAFETY: NULL was ruled out; `size` bytes that are the ring's, as documented.
        unsafe { ptr::write_bytes(ring.shm, 0, size as usize) };
        told_start("dlt_buffer_init_static_server", ring);
        Ok(())
    })
}

/// Use a ring of blocks that somebody else prepared in the same memory.
///
/// @param buf ring
/// @param ptr memory, which has to stay as long as the ring is used
/// @param size its size
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL or a size that is not valid
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_buffer_init_static_client(
    buf: *mut DltBuffer,
    ptr: *const c_uchar,
    size: u32,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or writable, as documented.
        let ring = unsafe { over_memory(buf, ptr, size) }?;
        told_start("dlt_buffer_init_static_client", ring);
        Ok(())
    })
}

/// Prepare a ring of blocks that allocates its memory, and more of it when that is needed.
///
/// @param buf ring; end it with dlt_buffer_free_dynamic()
/// @param min_size bytes to begin with: at least 12, which the ring needs itself
/// @param max_size bytes to grow to
/// @param step_size bytes to grow by
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL or sizes that are not valid;
///         DLT_RETURN_ERROR without memory
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_buffer_init_dynamic(
    buf: *mut DltBuffer,
    min_size: u32,
    max_size: u32,
    step_size: u32,
) -> DltReturnValue {
    guard(|| {
        let sizes = HEAD..=max_size.min(LARGEST);
        if buf.is_null() || !sizes.contains(&min_size) || !(1..=max_size).contains(&step_size) {
            return Err(Code::WRONG_PARAMETER);
        }
        let shm = memory(min_size)?;
        let ring = DltBuffer {
            shm,
            size: min_size - HEAD,
            mem: shm.wrapping_add(HEAD as usize),
            min_size,
            max_size,
            step_size,
        };
        told_start("dlt_buffer_init_dynamic", &ring);
        // SAFETY: not NULL, and writable as documented; perhaps not initialised.
        unsafe { buf.write(ring) };
        Ok(())
    })
}

/// End a ring in memory of the caller's, which stays as it is.
///
/// @param buf ring
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_buffer_free_static(buf: *mut DltBuffer) -> DltReturnValue {
    if buf.is_null() { Code::WRONG_PARAMETER.0 } else { Code::OK.0 }
}

/// Free a ring of dlt_buffer_init_dynamic().
///
/// @param buf ring
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR when it was freed
///         before
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_buffer_free_dynamic(buf: *mut DltBuffer) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or a ring, as documented.
        let ring = unsafe { arg::out(buf) }?;
        if ring.shm.is_null() {
            let text = "dlt_buffer_free_dynamic: Buffer: Buffer not initialized\n";
            print_args(severity::WARNING, format_args!("{text}"));
            return Err(Code::ERROR);
        }
        // SAFETY: from calloc, as the ring is dynamic.
        unsafe { libc::free(ring.shm.cast()) };
        ring.shm = ptr::null_mut();
        ring.mem = ptr::null_mut();
        Ok(())
    })
}

/// Ask whether a ring can grow by so many bytes.
///
/// @param buf ring
/// @param needed bytes
/// @return DLT_RETURN_OK if it can; DLT_RETURN_ERROR if not; DLT_RETURN_WRONG_PARAMETER for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_buffer_check_size(
    buf: *mut DltBuffer,
    needed: c_int,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or a ring, as documented.
        let ring = unsafe { arg::required(buf) }?;
        let size = i64::from(ring.size) + i64::from(HEAD) + i64::from(needed);
        if size > i64::from(ring.max_size) { Err(Code::ERROR) } else { Ok(()) }
    })
}

/// Add a block to a ring. One that allocates its memory grows if need be.
///
/// @param buf ring
/// @param data the block's bytes
/// @param size number of bytes
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR when there is no room, or the ring was damaged and is
///         now empty; DLT_RETURN_WRONG_PARAMETER for NULL instead of a ring
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_buffer_push(
    buf: *mut DltBuffer,
    data: *const c_uchar,
    size: c_uint,
) -> DltReturnValue {
    // SAFETY: as documented.
    unsafe { push(buf, [(data, size), (ptr::null(), 0), (ptr::null(), 0)]) }
}

/// Add a block to a ring, in three parts. One that allocates its memory grows if need be.
///
/// @param buf ring
/// @param data1 first part
/// @param size1 number of bytes
/// @param data2 second part; may be NULL if it has no bytes
/// @param size2 number of bytes
/// @param data3 third part; may be NULL if it has no bytes
/// @param size3 number of bytes
/// @return as dlt_buffer_push()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_buffer_push3(
    buf: *mut DltBuffer,
    data1: *const c_uchar,
    size1: c_uint,
    data2: *const c_uchar,
    size2: c_uint,
    data3: *const c_uchar,
    size3: c_uint,
) -> DltReturnValue {
    // SAFETY: as documented.
    unsafe { push(buf, [(data1, size1), (data2, size2), (data3, size3)]) }
}

/// Take the oldest block out of a ring.
///
/// @param buf ring
/// @param data receives the block, cut if need be; NULL to drop it
/// @param max_size bytes that there is room for
/// @return size of the whole block; -1 when there is none, or the ring was damaged and is now
///         empty; DLT_RETURN_WRONG_PARAMETER for NULL instead of a ring
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_buffer_pull(
    buf: *mut DltBuffer,
    data: *mut c_uchar,
    max_size: c_int,
) -> c_int {
    // SAFETY: as documented.
    unsafe { get(buf, data, max_size, true) }
}

/// Copy the oldest block of a ring. It stays there.
///
/// @param buf ring
/// @param data receives the block, cut if need be; NULL to ask for the size only
/// @param max_size bytes that there is room for
/// @return as dlt_buffer_pull()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_buffer_copy(
    buf: *mut DltBuffer,
    data: *mut c_uchar,
    max_size: c_int,
) -> c_int {
    // SAFETY: as documented.
    unsafe { get(buf, data, max_size, false) }
}

/// Drop the oldest block of a ring.
///
/// @param buf ring
/// @return as dlt_buffer_pull()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_buffer_remove(buf: *mut DltBuffer) -> c_int {
    // SAFETY: as documented.
    unsafe { get(buf, ptr::null_mut(), 0, true) }
}

/// Print the size and the addresses of a ring in the internal log, with priority 7.
///
/// @param buf ring
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_buffer_info(buf: *mut DltBuffer) {
    guard_or((), || {
        // SAFETY: NULL or a ring, as documented.
        match unsafe { arg::opt_ref(buf) } {
            Some(ring) => print_args(
                severity::DEBUG,
                format_args!(
                    "Buffer: Available size: {}, Buffer: Buffer full start address: {:X}, Buffer: \
                     Buffer start address: {:X}\n",
                    ring.size, ring.shm as usize, ring.mem as usize
                ),
            ),
            None => is_null("dlt_buffer_info"),
        }
    });
}

/// Print the positions of a ring in the internal log, with priority 7.
///
/// @param buf ring
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_buffer_status(buf: *mut DltBuffer) {
    guard_or((), || {
        // SAFETY: NULL or a ring, as documented.
        let Some(ring) = (unsafe { arg::opt_ref(buf) }) else {
            return is_null("dlt_buffer_status");
        };
        // SAFETY: a ring, as documented.
        if let Some(Positions { write, read, count }) = unsafe { positions(ring) } {
            let text = format_args!("Buffer: Write: {write}, Read: {read}, Count: {count}\n");
            print_args(severity::DEBUG, text);
        }
    });
}

/// Get the bytes that a ring may grow to.
///
/// @param buf ring
/// @return bytes, with those that the ring needs itself; 4294967291 for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_buffer_get_total_size(buf: *mut DltBuffer) -> u32 {
    // SAFETY: NULL or a ring, as documented.
    unsafe { arg::opt_ref(buf) }.map_or(Code::WRONG_PARAMETER.0.cast_unsigned(), |buf| buf.max_size)
}

/// Get the bytes in use in a ring.
///
/// @param buf ring
/// @return bytes, with twelve for each block; DLT_RETURN_WRONG_PARAMETER for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_buffer_get_used_size(buf: *mut DltBuffer) -> c_int {
    guard(|| {
        // SAFETY: NULL or a ring, as documented.
        let ring = unsafe { arg::out(buf) }?;
        // SAFETY: a ring, as documented.
        let used = unsafe { with_blocks(ring, |blocks| blocks.used()) };
        Ok(used.map_or(0, |used| c_int::try_from(used.unwrap_or(0)).unwrap_or(c_int::MAX)))
    })
}

/// Get the number of blocks in a ring.
///
/// @param buf ring
/// @return number; DLT_RETURN_WRONG_PARAMETER for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_buffer_get_message_count(buf: *mut DltBuffer) -> c_int {
    guard(|| {
        // SAFETY: NULL or a ring, as documented.
        let ring = unsafe { arg::required(buf) }?;
        // SAFETY: a ring, as documented.
        Ok(unsafe { positions(ring) }.map_or(0, |positions| positions.count))
    })
}

/// # Safety
/// `buf` is NULL or writable; `ptr` is NULL or valid for `size` bytes as long as the ring is used.
unsafe fn over_memory<'a>(
    buf: *mut DltBuffer,
    ptr: *const c_uchar,
    size: u32,
) -> Result<&'a DltBuffer, Code> {
    if buf.is_null() || ptr.is_null() || !(HEAD..=LARGEST).contains(&size) {
        return Err(Code::WRONG_PARAMETER);
    }
    let shm = ptr.cast_mut();
    let mem = shm.wrapping_add(HEAD as usize);
    let (min_size, max_size) = (size, size);
    let ring = DltBuffer { shm, size: size - HEAD, mem, min_size, max_size, step_size: 0 };
    // SAFETY: not NULL, and writable by this function's contract; perhaps not initialised.
    unsafe { buf.write(ring) };
    // SAFETY: written above.
    Ok(unsafe { &*buf })
}

fn memory(size: u32) -> Result<*mut c_uchar, Code> {
    // SAFETY: has no requirement.
    let memory = unsafe { libc::calloc(size as usize, 1) };
    if memory.is_null() { Err(Code::ERROR) } else { Ok(memory.cast()) }
}

/// # Safety
/// `ring` was initialised, and its memory is still there if it is not NULL.
unsafe fn positions(ring: &DltBuffer) -> Option<Positions> {
    if ring.shm.is_null() || ring.mem.is_null() {
        return None;
    }
    // SAFETY: by this function's contract; the memory may be of any alignment.
    Some(unsafe { ring.shm.cast::<Positions>().read_unaligned() })
}

/// Does something with the blocks of a ring that has memory.
///
/// # Safety
/// As [`positions`], and nobody else writes the ring meanwhile.
unsafe fn with_blocks<T>(
    ring: &mut DltBuffer,
    act: impl FnOnce(&mut Blocks<'_>) -> T,
) -> Option<T> {
    // SAFETY: by this function's contract.
    let mut positions = unsafe { positions(ring) }?;
    // SAFETY: `size` bytes from `mem` on are the ring's.
    let memory = unsafe { slice::from_raw_parts_mut(ring.mem, ring.size as usize) };
    let done = act(&mut Blocks::new(&mut positions, memory));
    // SAFETY: by this function's contract.
    unsafe { set_positions(ring, positions) };
    Some(done)
}

/// # Safety
/// As [`with_blocks`]; the ring has memory.
unsafe fn set_positions(ring: &DltBuffer, positions: Positions) {
    // SAFETY: by this function's contract; the memory may be of any alignment.
    unsafe { ring.shm.cast::<Positions>().write_unaligned(positions) };
}

/// # Safety
/// `buf` is NULL or a ring; each part is NULL or valid for as many bytes as it is said to have.
unsafe fn push(buf: *mut DltBuffer, parts: [(*const c_uchar, c_uint); 3]) -> c_int {
    guard(|| {
        // SAFETY: NULL or a ring by this function's contract.
        let ring = unsafe { arg::out(buf) }?;
        let mut bytes: [&[u8]; 3] = [&[]; 3];
        for (to, (data, size)) in bytes.iter_mut().zip(parts) {
            // SAFETY: NULL or valid by this function's contract.
            *to = unsafe { arg::bytes(data.cast::<c_void>(), size as usize) }
                .map_err(|_| Code::ERROR)?;
        }
        loop {
            // SAFETY: a ring by this function's contract.
            match unsafe { with_blocks(ring, |blocks| blocks.push(&bytes)) } {
                Some(Ok(())) => return Ok(()),
                // SAFETY: as above. Each time it is larger, up to its limit.
                Some(Err(Error::Full)) => unsafe { grow(ring) }?,
                Some(Err(_)) => {
                    // SAFETY: as above.
                    unsafe { out_of_range("dlt_buffer_push3", ring, false) };
                    return Err(Code::ERROR);
                }
                None => return Err(has_no_memory("dlt_buffer_push3: Buffer: Buffer")),
            }
        }
    })
}

/// # Safety
/// `buf` is NULL or a ring; `data` is NULL or writable for `max_size` bytes.
pub(super) unsafe fn get(
    buf: *mut DltBuffer,
    data: *mut c_uchar,
    max_size: c_int,
    take: bool,
) -> c_int {
    guard(|| {
        // SAFETY: NULL or a ring by this function's contract.
        let ring = unsafe { arg::out(buf) }?;
        let room = usize::try_from(max_size).unwrap_or(0);
        // SAFETY: NULL or writable by this function's contract.
        let to = unsafe { arg::room(data.cast(), room) }.unwrap_or_default();
        // SAFETY: a ring by this function's contract.
        let got = unsafe { with_blocks(ring, |blocks| blocks.get(to, take)) };
        let size = match got {
            None => return Err(has_no_memory("dlt_buffer_get: Buffer: SHM")),
            Some(Err(Error::Empty)) => return Err(Code::ERROR),
            Some(Err(error)) => {
                // SAFETY: as above.
                unsafe { tell_damage(ring, error) };
                return Err(Code::ERROR);
            }
            Some(Ok(size)) => size,
        };
        if !data.is_null() && max_size != 0 && size > room {
            let text = "Max size is smaller than read header size. Max size:";
            let text = format_args!("dlt_buffer_get: Buffer: {text} {max_size}\n");
            print_args(severity::WARNING, text);
        }
        // SAFETY: as above.
        if take && unsafe { positions(ring) }.is_some_and(|positions| positions.count == 0) {
            // SAFETY: as above.
            unsafe { minimize(ring) }?;
        }
        c_int::try_from(size).map_err(|_| Code::ERROR)
    })
}

/// More memory for a ring that allocates it, up to its limit.
///
/// # Safety
/// As [`with_blocks`]; the ring has memory.
pub(super) unsafe fn grow(ring: &mut DltBuffer) -> Result<(), Code> {
    let larger = ring.size.checked_add(HEAD).and_then(|size| size.checked_add(ring.step_size));
    let larger =
        larger.filter(|larger| ring.step_size > 0 && *larger <= ring.max_size.min(LARGEST));
    let larger = larger.ok_or(Code::ERROR)?;
    let shm = memory(larger)?;
    let mem = shm.wrapping_add(HEAD as usize);
    let size = larger - HEAD;
    // SAFETY: allocated above.
    let room = unsafe { slice::from_raw_parts_mut(mem, size as usize) };
    // SAFETY: by this function's contract.
    let moved = unsafe { with_blocks(ring, |blocks| blocks.move_to(room)) };
    let Some(Ok(positions)) = moved else {
        // SAFETY: allocated above, and not in use.
        unsafe { libc::free(shm.cast()) };
        return Err(Code::ERROR);
    };
    // SAFETY: from calloc, as only dynamic rings have a step.
    unsafe { libc::free(ring.shm.cast()) };
    (ring.shm, ring.mem, ring.size) = (shm, mem, size);
    // SAFETY: the new memory.
    unsafe { set_positions(ring, positions) };
    let text = format_args!(
        "dlt_buffer_increase_size: Buffer: Size increased to {larger} bytes with start address \
         {:X}\n",
        mem as usize
    );
    print_args(severity::DEBUG, text);
    Ok(())
}

/// Back to the memory that the ring began with. What is in it is lost if it had grown.
///
/// # Safety
/// As [`grow`].
pub(super) unsafe fn minimize(ring: &mut DltBuffer) -> Result<(), Code> {
    if ring.step_size == 0 || ring.size.wrapping_add(HEAD) == ring.min_size {
        return Ok(());
    }
    let shm = memory(ring.min_size)?;
    // SAFETY: from calloc, as only dynamic rings have a step.
    unsafe { libc::free(ring.shm.cast()) };
    (ring.shm, ring.mem) = (shm, shm.wrapping_add(HEAD as usize));
    ring.size = ring.min_size - HEAD;
    let text = format_args!(
        "dlt_buffer_minimize_size: Buffer: Buffer minimized to Size {} bytes with start address \
         {:X}\n",
        ring.size, ring.mem as usize
    );
    print_args(severity::DEBUG, text);
    Ok(())
}

/// Empties the ring.
///
/// # Safety
/// As [`with_blocks`]; the ring has memory.
pub(super) unsafe fn reset(ring: &mut DltBuffer) {
    let text = format_args!(
        "dlt_buffer_reset: Buffer: Buffer reset triggered. Size: {}, Start address: {:X}\n",
        ring.size, ring.mem as usize
    );
    print_args(severity::WARNING, text);
    // SAFETY: by this function's contract.
    unsafe { set_positions(ring, Positions::default()) };
    // SAFETY: `size` bytes from `mem` on are the ring's.
    unsafe { ptr::write_bytes(ring.mem, 0, ring.size as usize) };
}

/// Says what is wrong with a ring, and empties it.
///
/// # Safety
/// As [`reset`].
unsafe fn tell_damage(ring: &mut DltBuffer, error: Error) {
    let tell = |text: core::fmt::Arguments<'_>| {
        print_args(severity::ERROR, format_args!("dlt_buffer_get: Buffer: {text}\n"));
    };
    match error {
        Error::NoHead { used } => tell(format_args!(
            "Used size is smaller than buffer block header size. Used size: {used}"
        )),
        Error::Mark => tell(format_args!("Header head check failed")),
        Error::Status => tell(format_args!("Header status check failed")),
        Error::Size { used } => tell(format_args!(
            "Used size is smaller than buffer block header size And read header size. Used size: \
             {used}"
        )),
        Error::Empty | Error::Full | Error::OutOfRange => {
            // SAFETY: by this function's contract.
            return unsafe { out_of_range("dlt_buffer_get", ring, true) };
        }
    }
    // SAFETY: by this function's contract.
    unsafe { reset(ring) };
}

/// # Safety
/// As [`reset`].
unsafe fn out_of_range(function: &str, ring: &mut DltBuffer, counted: bool) {
    // SAFETY: by this function's contract.
    let Positions { write, read, count } = unsafe { positions(ring) }.unwrap_or_default();
    let size = ring.size;
    let place =
        format_args!("{function}: Buffer: Pointer out of range. Read: {read}, Write: {write}");
    if counted {
        let text = format_args!("{place}, Count: {count}, Size: {size}\n");
        print_args(severity::ERROR, text);
    } else {
        print_args(severity::ERROR, format_args!("{place}, Size: {size}\n"));
    }
    // SAFETY: by this function's contract.
    unsafe { reset(ring) };
}

fn has_no_memory(what: &str) -> Code {
    print_args(severity::ERROR, format_args!("{what} not initialized\n"));
    Code::ERROR
}

fn told_start(function: &str, ring: &DltBuffer) {
    let (size, address) = (ring.size, ring.mem as usize);
    let text = format_args!("{function}: Buffer: Size {size}, Start address {address:X}\n");
    print_args(severity::DEBUG, text);
}

pub(super) fn is_null(function: &str) {
    print_args(severity::WARNING, format_args!("{function}: Wrong parameter: Null pointer\n"));
}

/// Writes into a ring's memory at a position, which moves on; the caller's word for where.
///
/// # Safety
/// As [`with_blocks`].
pub(super) unsafe fn put(ring: &DltBuffer, position: &mut c_int, bytes: &[u8]) {
    if bytes.len() > ring.size as usize {
        let text = "dlt_buffer_write_block: Write error: ring buffer to small";
        return print_args(severity::WARNING, format_args!("{text}\n"));
    }
    let Some(at) = inside(ring, *position) else {
        return;
    };
    // SAFETY: `size` bytes from `mem` on are the ring's.
    let memory = unsafe { slice::from_raw_parts_mut(ring.mem, ring.size as usize) };
    *position = c_int::try_from(blocks::put(memory, at, bytes)).unwrap_or(*position);
}

/// Reads from a ring's memory at a position, which moves on.
///
/// # Safety
/// As [`with_blocks`].
pub(super) unsafe fn fetch(ring: &DltBuffer, position: &mut c_int, to: &mut [u8]) {
    let Some(at) = inside(ring, *position).filter(|_| to.len() <= ring.size as usize) else {
        return;
    };
    // SAFETY: `size` bytes from `mem` on are the ring's.
    let memory = unsafe { slice::from_raw_parts(ring.mem, ring.size as usize) };
    *position = c_int::try_from(blocks::fetch(memory, at, to)).unwrap_or(*position);
}

fn inside(ring: &DltBuffer, position: c_int) -> Option<usize> {
    let position = usize::try_from(position).ok()?;
    (!ring.mem.is_null() && position <= ring.size as usize).then_some(position)
}
