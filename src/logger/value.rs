//! Values of messages: what the argument types of DLT are in Rust.

use core::fmt::{self, Debug, Display};
use std::borrow::Cow;
use std::sync::Arc;

use crate::types::Format;
use crate::wire::arguments::{Arguments, Coding, Refused};

/// One argument of a message: a value together with its DLT type.
///
/// Numbers, truth values, texts and bytes become one by themselves, see [`ToValue`]. What is to look
/// different at the receiver is said with one of the functions here:
///
/// ```
/// use dlt::Value;
///
/// # fn demo(context: &dlt::Context, state: Option<u8>, block: &[u8]) {
/// dlt::info!(context, "mask", Value::hex(&0xff00_u16), "state", Value::debug(&state));
/// dlt::debug!(context, "block", Value::hex(block));
/// # }
/// ```
#[derive(Clone, Copy)]
pub struct Value<'a>(Kind<'a>);

#[derive(Clone, Copy)]
enum Kind<'a> {
    Bool(bool),
    I8(i8),
    I16(i16),
    I32(i32),
    I64(i64),
    U8(u8, Format),
    U16(u16, Format),
    U32(u32, Format),
    U64(u64, Format),
    F32(f32),
    F64(f64),
    Text(&'a [u8], Coding),
    Constant(&'a [u8], Coding),
    Raw(&'a [u8], Format),
    Pointer(u64),
    Display(&'a dyn Display),
    Debug(&'a dyn Debug),
}

impl<'a> Value<'a> {
    /// An unsigned integer, or bytes, that viewers show in hexadecimal. Other values stay what they
    /// are.
    pub fn hex<T: ToValue + ?Sized>(value: &'a T) -> Self {
        Self(match value.to_value().0 {
            Kind::U8(value, _) => Kind::U8(value, Format::Hex8),
            Kind::U16(value, _) => Kind::U16(value, Format::Hex16),
            Kind::U32(value, _) => Kind::U32(value, Format::Hex32),
            Kind::U64(value, _) => Kind::U64(value, Format::Hex64),
            Kind::Raw(bytes, _) => Kind::Raw(bytes, Format::Hex8),
            other => other,
        })
    }

    /// An unsigned integer, or bytes, that viewers show in binary. Other values stay what they are.
    pub fn binary<T: ToValue + ?Sized>(value: &'a T) -> Self {
        Self(match value.to_value().0 {
            Kind::U8(value, _) => Kind::U8(value, Format::Bin8),
            Kind::U16(value, _) => Kind::U16(value, Format::Bin16),
            Kind::U32(value, _) => Kind::U32(value, Format::Bin16),
            Kind::U64(value, _) => Kind::U64(value, Format::Bin16),
            Kind::Raw(bytes, _) => Kind::Raw(bytes, Format::Bin8),
            other => other,
        })
    }

    /// Bytes, at most 65,535, that viewers show in this format.
    pub fn raw(bytes: &'a [u8], format: Format) -> Self {
        Self(Kind::Raw(bytes, format))
    }

    /// A text marked as ASCII, as C's `DLT_STRING` marks its texts. A `str` by itself is UTF-8.
    pub fn ascii(text: &'a str) -> Self {
        Self(Kind::Text(text.as_bytes(), Coding::Ascii))
    }

    /// A text that the receiver knows already: non-verbose messages leave it out.
    pub fn constant(text: &'a str) -> Self {
        Self(Kind::Constant(text.as_bytes(), Coding::Utf8))
    }

    /// What a value shows to users, as a text.
    pub fn display(value: &'a dyn Display) -> Self {
        Self(Kind::Display(value))
    }

    /// What a value shows to developers, as a text.
    pub fn debug(value: &'a dyn Debug) -> Self {
        Self(Kind::Debug(value))
    }

    /// Adds it to a message.
    ///
    /// Cost, with a kind that the compiler knows: that of the one writer.
    #[inline(always)]
    pub(crate) fn add_to(self, to: &mut Arguments<'_>) -> Result<(), Refused> {
        match self.0 {
            Kind::Bool(value) => to.bool(value.into()),
            Kind::I8(value) => to.int8(value),
            Kind::I16(value) => to.int16(value),
            Kind::I32(value) => to.int32(value),
            Kind::I64(value) => to.int64(value),
            Kind::U8(value, Format::Default) => to.uint8(value),
            Kind::U16(value, Format::Default) => to.uint16(value),
            Kind::U32(value, Format::Default) => to.uint32(value),
            Kind::U64(value, Format::Default) => to.uint64(value),
            Kind::F32(value) => to.float32(value),
            Kind::F64(value) => to.float64(value),
            Kind::Text(text, coding) => to.string(text, coding),
            other => Value(other).add_unusual_to(to),
        }
    }

    #[inline(never)]
    fn add_unusual_to(self, to: &mut Arguments<'_>) -> Result<(), Refused> {
        match self.0 {
            Kind::U8(value, format) => to.uint8_formatted(value, format),
            Kind::U16(value, format) => to.uint16_formatted(value, format),
            Kind::U32(value, format) => to.uint32_formatted(value, format),
            Kind::U64(value, format) => to.uint64_formatted(value, format),
            Kind::Constant(text, coding) => to.constant_string(text, coding),
            Kind::Raw(bytes, format) => to.raw(bytes, format),
            Kind::Pointer(address) => to.pointer(address),
            Kind::Display(value) => to.printed(format_args!("{value}"), None),
            Kind::Debug(value) => to.printed(format_args!("{value:?}"), None),
            // All that add_to() does itself.
            other => Value(other).add_named_to(to, None, None),
        }
    }

    /// Adds it with a name, and with a unit where its type has one.
    #[inline(never)]
    pub(crate) fn add_named_to(
        self,
        to: &mut Arguments<'_>,
        name: Option<&str>,
        unit: Option<&str>,
    ) -> Result<(), Refused> {
        let (name, unit) = (name.map(str::as_bytes), unit.map(str::as_bytes));
        match self.0 {
            Kind::Bool(value) => to.bool_attr(value.into(), name),
            Kind::I8(value) => to.int8_attr(value, name, unit),
            Kind::I16(value) => to.int16_attr(value, name, unit),
            Kind::I32(value) => to.int32_attr(value, name, unit),
            Kind::I64(value) => to.int64_attr(value, name, unit),
            Kind::U8(value, format) => to.uint8_formatted_attr(value, format, name, unit),
            Kind::U16(value, format) => to.uint16_formatted_attr(value, format, name, unit),
            Kind::U32(value, format) => to.uint32_formatted_attr(value, format, name, unit),
            Kind::U64(value, format) => to.uint64_formatted_attr(value, format, name, unit),
            Kind::F32(value) => to.float32_attr(value, name, unit),
            Kind::F64(value) => to.float64_attr(value, name, unit),
            Kind::Text(text, coding) => to.string_attr(text, coding, name),
            Kind::Constant(text, coding) => to.constant_string_attr(text, coding, name),
            Kind::Raw(bytes, format) => to.raw_attr(bytes, format, name),
            Kind::Pointer(address) => to.pointer_attr(address, name, unit),
            Kind::Display(value) => to.printed(format_args!("{value}"), name),
            Kind::Debug(value) => to.printed(format_args!("{value:?}"), name),
        }
    }
}

impl Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |f: &mut fmt::Formatter<'_>, name: &str, value: &dyn Debug| {
            f.debug_tuple(name).field(value).finish()
        };
        match self.0 {
            Kind::Bool(value) => named(f, "Bool", &value),
            Kind::I8(value) => named(f, "I8", &value),
            Kind::I16(value) => named(f, "I16", &value),
            Kind::I32(value) => named(f, "I32", &value),
            Kind::I64(value) => named(f, "I64", &value),
            Kind::U8(value, _) => named(f, "U8", &value),
            Kind::U16(value, _) => named(f, "U16", &value),
            Kind::U32(value, _) => named(f, "U32", &value),
            Kind::U64(value, _) => named(f, "U64", &value),
            Kind::F32(value) => named(f, "F32", &value),
            Kind::F64(value) => named(f, "F64", &value),
            Kind::Text(text, _) => named(f, "Text", &text.escape_ascii()),
            Kind::Constant(text, _) => named(f, "Constant", &text.escape_ascii()),
            Kind::Raw(bytes, _) => named(f, "Raw", &bytes),
            Kind::Pointer(address) => named(f, "Pointer", &format_args!("{address:#x}")),
            Kind::Display(value) => named(f, "Display", &format_args!("{value}")),
            Kind::Debug(value) => named(f, "Debug", value),
        }
    }
}

/// What can be an argument of a message.
///
/// | Rust | DLT |
/// |---|---|
/// | `bool` | truth value |
/// | `i8` to `i64`, `u8` to `u64`, `f32`, `f64` | the number of that width |
/// | `isize`, `usize` | the integer of 64 bits |
/// | `i128`, `u128`, `char`, [`format_args!`] | the text they print |
/// | `str`, `String` and what leads to them | text in UTF-8 |
/// | `[u8]`, `Vec<u8>` and what leads to them | raw bytes |
/// | `*const T`, `*mut T` | the address, an integer of 64 bits in hexadecimal |
///
/// A type of your own names the value that stands for it:
///
/// ```
/// use dlt::{ToValue, Value};
///
/// enum Gear { Neutral, Drive }
///
/// impl ToValue for Gear {
///     fn to_value(&self) -> Value<'_> {
///         match self {
///             Gear::Neutral => "neutral".to_value(),
///             Gear::Drive => "drive".to_value(),
///         }
///     }
/// }
/// # fn demo(context: &dlt::Context) {
/// dlt::info!(context, gear = Gear::Drive);
/// # }
/// ```
pub trait ToValue {
    /// The value that stands for it. Called only for messages whose level is on.
    fn to_value(&self) -> Value<'_>;
}

impl ToValue for Value<'_> {
    #[inline(always)]
    fn to_value(&self) -> Value<'_> {
        *self
    }
}

macro_rules! values {
    ($($type:ty, $value:ident => $kind:expr;)+) => {$(
        impl ToValue for $type {
            #[inline(always)]
            fn to_value(&self) -> Value<'_> {
                let $value = self;
                Value($kind)
            }
        }
    )+};
}

values! {
    bool, value => Kind::Bool(*value);
    i8, value => Kind::I8(*value);
    i16, value => Kind::I16(*value);
    i32, value => Kind::I32(*value);
    i64, value => Kind::I64(*value);
    isize, value => Kind::I64(*value as i64); // not longer on any Linux
    u8, value => Kind::U8(*value, Format::Default);
    u16, value => Kind::U16(*value, Format::Default);
    u32, value => Kind::U32(*value, Format::Default);
    u64, value => Kind::U64(*value, Format::Default);
    usize, value => Kind::U64(*value as u64, Format::Default); // as isize
    f32, value => Kind::F32(*value);
    f64, value => Kind::F64(*value);
    i128, value => Kind::Display(value);
    u128, value => Kind::Display(value);
    char, value => Kind::Display(value);
    fmt::Arguments<'_>, value => match value.as_str() {
        Some(text) => Kind::Text(text.as_bytes(), Coding::Utf8),
        None => Kind::Display(value),
    };
    str, text => Kind::Text(text.as_bytes(), Coding::Utf8);
    String, text => Kind::Text(text.as_bytes(), Coding::Utf8);
    Cow<'_, str>, text => Kind::Text(text.as_bytes(), Coding::Utf8);
    [u8], bytes => Kind::Raw(bytes, Format::Default);
    Vec<u8>, bytes => Kind::Raw(bytes, Format::Default);
}

impl<const N: usize> ToValue for [u8; N] {
    #[inline(always)]
    fn to_value(&self) -> Value<'_> {
        Value(Kind::Raw(self, Format::Default))
    }
}

impl<T> ToValue for *const T {
    #[inline(always)]
    fn to_value(&self) -> Value<'_> {
        Value(Kind::Pointer(self.addr() as u64))
    }
}

impl<T> ToValue for *mut T {
    #[inline(always)]
    fn to_value(&self) -> Value<'_> {
        Value(Kind::Pointer(self.addr() as u64))
    }
}

macro_rules! through {
    ($($type:ty),+) => {$(
        impl<T: ToValue + ?Sized> ToValue for $type {
            #[inline(always)]
            fn to_value(&self) -> Value<'_> {
                (**self).to_value()
            }
        }
    )+};
}

through!(&T, &mut T, Box<T>, Arc<T>, std::rc::Rc<T>);
