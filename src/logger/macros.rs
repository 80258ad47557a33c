//! `dlt::info!` and its like.
//!
//! What stands at a call site is the level check, one writer for each argument, and two calls.

/// Logs a message of any level with a context. The other macros are this one with a level.
///
/// Behind context and level stand the arguments. Each is a value ([`ToValue`](crate::ToValue)), which
/// may have a name, and a unit behind a semicolon:
///
/// ```
/// # fn demo(context: &dlt::Context, speed: f32, gear: u8) {
/// use dlt::Level;
///
/// dlt::log!(context, Level::Info, "driving", gear, speed = speed; "km/h", 42_u16; "bar");
/// # }
/// ```
///
/// Arguments keep their types; a text is not a format string. For a formatted text, say
/// `dlt::info!(context, format_args!("{a}/{b}"))`, which is written straight into the message.
///
/// The level is checked first, by loading one byte: if it is off, no argument is evaluated. If it is
/// on, nothing is allocated and no lock is taken. A message that finds no room is lost or waits as
/// [`Logger::set_overflow`](crate::Logger::set_overflow) says; it is counted, not told here. Who
/// wants to know takes [`try_log!`](crate::try_log).
#[macro_export]
macro_rules! log {
    ($context:expr, $level:expr, $($arguments:tt)+) => {
        if let ::core::option::Option::Some(mut message) = $context.message($level) {
            $crate::__add!(message; $($arguments)+);
            let _ = message.send();
        }
    };
}

/// As [`log!`](crate::log), and tells what became of the message: `Ok(())` also when its level is
/// off, else what [`Message::send`](crate::Message::send) says.
///
/// ```
/// # fn demo(context: &dlt::Context) {
/// use dlt::{Error, Level};
///
/// if let Err(Error::Lost(why)) = dlt::try_log!(context, Level::Warn, "engine", rpm = 7_000_u16) {
///     eprintln!("not logged: {why}");
/// }
/// # }
/// ```
#[macro_export]
macro_rules! try_log {
    ($context:expr, $level:expr, $($arguments:tt)+) => {
        match $context.message($level) {
            ::core::option::Option::Some(mut message) => {
                $crate::__add!(message; $($arguments)+);
                message.send()
            }
            ::core::option::Option::None => ::core::result::Result::Ok(()),
        }
    };
}

/// As [`log!`](crate::log), for a message that has an identifier: see
/// [`Context::message_with_id`](crate::Context::message_with_id).
///
/// ```
/// # fn demo(context: &dlt::Context) {
/// use dlt::{Level, Value};
///
/// dlt::log_id!(context, Level::Info, 1001, Value::constant("door"), 2_u8);
/// # }
/// ```
#[macro_export]
macro_rules! log_id {
    ($context:expr, $level:expr, $id:expr $(,)?) => {
        if let ::core::option::Option::Some(message) = $context.message_with_id($level, $id) {
            let _ = message.send();
        }
    };
    ($context:expr, $level:expr, $id:expr, $($arguments:tt)+) => {
        if let ::core::option::Option::Some(mut message) = $context.message_with_id($level, $id) {
            $crate::__add!(message; $($arguments)+);
            let _ = message.send();
        }
    };
}

/// Logs that the system cannot go on: [`log!`](crate::log) with [`Level::Fatal`](crate::Level).
///
/// ```
/// # fn demo(context: &dlt::Context) {
/// dlt::fatal!(context, "no memory", wanted = 4096_u32; "bytes");
/// # }
/// ```
#[macro_export]
macro_rules! fatal {
    ($context:expr, $($arguments:tt)+) => {
        $crate::log!($context, $crate::Level::Fatal, $($arguments)+)
    };
}

/// Logs that something failed: [`log!`](crate::log) with [`Level::Error`](crate::Level).
///
/// ```
/// # fn demo(context: &dlt::Context, error: std::io::Error) {
/// dlt::error!(context, "cannot read", dlt::Value::display(&error));
/// # }
/// ```
#[macro_export]
macro_rules! error {
    ($context:expr, $($arguments:tt)+) => {
        $crate::log!($context, $crate::Level::Error, $($arguments)+)
    };
}

/// Logs that something is not as it should be: [`log!`](crate::log) with
/// [`Level::Warn`](crate::Level).
///
/// ```
/// # fn demo(context: &dlt::Context) {
/// dlt::warn!(context, "slow answer", after = 800_u32; "ms");
/// # }
/// ```
#[macro_export]
macro_rules! warn {
    ($context:expr, $($arguments:tt)+) => {
        $crate::log!($context, $crate::Level::Warn, $($arguments)+)
    };
}

/// Logs normal operation: [`log!`](crate::log) with [`Level::Info`](crate::Level).
///
/// ```
/// # fn demo(context: &dlt::Context, value: i32) {
/// dlt::info!(context, "text", value, speed = 3.5; "km/h");
/// # }
/// ```
#[macro_export]
macro_rules! info {
    ($context:expr, $($arguments:tt)+) => {
        $crate::log!($context, $crate::Level::Info, $($arguments)+)
    };
}

/// Logs what developers want to know: [`log!`](crate::log) with [`Level::Debug`](crate::Level).
///
/// ```
/// # fn demo(context: &dlt::Context, packet: &[u8]) {
/// dlt::debug!(context, "received", packet);
/// # }
/// ```
#[macro_export]
macro_rules! debug {
    ($context:expr, $($arguments:tt)+) => {
        $crate::log!($context, $crate::Level::Debug, $($arguments)+)
    };
}

/// Logs every detail: [`log!`](crate::log) with [`Level::Verbose`](crate::Level).
///
/// ```
/// # fn demo(context: &dlt::Context, step: usize) {
/// dlt::verbose!(context, "step", step);
/// # }
/// ```
#[macro_export]
macro_rules! verbose {
    ($context:expr, $($arguments:tt)+) => {
        $crate::log!($context, $crate::Level::Verbose, $($arguments)+)
    };
}

/// Adds the arguments of a macro to a message.
#[doc(hidden)]
#[macro_export]
macro_rules! __add {
    ($message:ident;) => {};
    ($message:ident; $name:ident = $value:expr; $unit:expr $(, $($rest:tt)*)?) => {
        $message.add_measured(::core::stringify!($name), &$value, $unit);
        $crate::__add!($message; $($($rest)*)?);
    };
    ($message:ident; $name:ident = $value:expr $(, $($rest:tt)*)?) => {
        $message.add_named(::core::stringify!($name), &$value);
        $crate::__add!($message; $($($rest)*)?);
    };
    ($message:ident; $value:expr; $unit:expr $(, $($rest:tt)*)?) => {
        $message.add_in_unit(&$value, $unit);
        $crate::__add!($message; $($($rest)*)?);
    };
    ($message:ident; $value:expr $(, $($rest:tt)*)?) => {
        $message.add(&$value);
        $crate::__add!($message; $($($rest)*)?);
    };
}
