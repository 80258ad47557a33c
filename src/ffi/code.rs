//! The codes that C functions return, and the guard that every body stands in: no panic and no
//! changed `errno` gets past it, and no thread is cancelled in it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use libc::c_int;

use crate::types::UnknownCode;
use crate::wire::arguments::Refused;

/// A `DltReturnValue`. A newtype, since upstream adds codes and some functions return other `int`s.
/// -2 and -3 speak of the link to the daemon, which no caller meets here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code(pub c_int);

impl Code {
    /// Done; as an answer, "no".
    pub const OK: Self = Self(0);
    /// As an answer, "yes".
    pub const TRUE: Self = Self(1);
    /// Failed.
    pub const ERROR: Self = Self(-1);
    /// The message was refused: no room to keep it.
    pub const BUFFER_FULL: Self = Self(-4);
    /// An argument is not valid.
    pub const WRONG_PARAMETER: Self = Self(-5);
    /// The message has no room for the argument.
    pub const USER_BUFFER_FULL: Self = Self(-6);
    /// The level is off.
    pub const LOGGING_DISABLED: Self = Self(-7);
    /// The file has reached its limit.
    pub const FILE_SIZE: Self = Self(-8);
}

impl From<Refused> for Code {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NoRoom | Refused::Truncated => Self::USER_BUFFER_FULL,
            Refused::Invalid => Self::WRONG_PARAMETER,
        }
    }
}

impl From<UnknownCode> for Code {
    fn from(_: UnknownCode) -> Self {
        Self::WRONG_PARAMETER
    }
}

/// What a body may yield: a code, nothing (which is OK), or a plain number.
pub trait Returned {
    /// As C sees it.
    fn code(self) -> c_int;
}

impl Returned for Code {
    fn code(self) -> c_int {
        self.0
    }
}

impl Returned for () {
    fn code(self) -> c_int {
        Code::OK.0
    }
}

impl Returned for c_int {
    fn code(self) -> c_int {
        self
    }
}

/// Runs a body: the only place that catches panics. `errno` is afterwards what it was before.
pub fn guard<T: Returned>(body: impl FnOnce() -> Result<T, Code>) -> c_int {
    let _held_off = HoldOff::new();
    guard_logging(body)
}

/// The same for a body that only logs, which calls nothing where a thread could be cancelled.
pub fn guard_logging<T: Returned>(body: impl FnOnce() -> Result<T, Code>) -> c_int {
    caught(Code::ERROR.0, || match body() {
        Ok(value) => value.code(),
        Err(Code(code)) => code,
    })
}

/// As [`guard`], for functions that return something other than a code; `fallback` after a panic.
pub fn guard_or<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    let _held_off = HoldOff::new();
    caught(fallback, body)
}

fn caught<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    let errno = Errno::now();
    let result = catch_unwind(AssertUnwindSafe(body)).unwrap_or(fallback);
    errno.restore();
    result
}

/// While it lives the thread is not cancelled: in a frame of Rust's that would end the process, and
/// what the call has begun would never be ended. The thread ends at the program's next opportunity
/// instead.
struct HoldOff {
    before: c_int,
}

unsafe extern "C" {
    // In C libraries since POSIX threads, but not in the crate `libc`.
    fn pthread_setcancelstate(state: c_int, before: *mut c_int) -> c_int;
}

impl HoldOff {
    fn new() -> Self {
        const DISABLE: c_int = 1;
        let mut before = 0;
        // SAFETY: the address is a local's.
        unsafe { pthread_setcancelstate(DISABLE, &raw mut before) };
        Self { before }
    }
}

impl Drop for HoldOff {
    fn drop(&mut self) {
        let mut ignored = 0;
        // SAFETY: the address is a local's; the state is one that was in force.
        unsafe { pthread_setcancelstate(self.before, &raw mut ignored) };
    }
}

struct Errno(c_int);

impl Errno {
    fn now() -> Self {
        // SAFETY: takes no argument and returns the address of this thread's errno.
        let errno = unsafe { libc::__errno_location() };
        // SAFETY: the address is valid for as long as the thread lives.
        Self(unsafe { *errno })
    }

    fn restore(self) {
        // SAFETY: takes no argument and returns the address of this thread's errno.
        let errno = unsafe { libc::__errno_location() };
        // SAFETY: the address is valid for as long as the thread lives.
        unsafe { *errno = self.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errno() -> c_int {
        Errno::now().0
    }

    #[test]
    fn a_refused_argument_becomes_the_code_that_libdlt_returns() {
        assert_eq!(Code::from(Refused::NoRoom), Code::USER_BUFFER_FULL);
        assert_eq!(Code::from(Refused::Truncated), Code::USER_BUFFER_FULL);
        assert_eq!(Code::from(Refused::Invalid), Code::WRONG_PARAMETER);
    }

    #[test]
    fn errno_is_kept_by_a_guarded_body() {
        Errno(libc::E2BIG).restore();
        assert_eq!(
            guard(|| {
                Errno(libc::ENOENT).restore();
                Ok(())
            }),
            0
        );
        assert_eq!(errno(), libc::E2BIG);
    }

    #[test]
    fn a_panic_becomes_an_error_code() {
        let code = guard(|| -> Result<(), Code> { std::panic::resume_unwind(Box::new(())) });
        assert_eq!(code, Code::ERROR.0);
    }
}
