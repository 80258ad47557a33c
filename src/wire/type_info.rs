//! Type information in front of a verbose argument: bits and complete codes.

/// Bits that hold the width of the value.
pub const WIDTH: u32 = 0x0f;
/// Width of 8 bits.
pub const WIDTH_8: u32 = 0x01;
/// Width of 16 bits.
pub const WIDTH_16: u32 = 0x02;
/// Width of 32 bits.
pub const WIDTH_32: u32 = 0x03;
/// Width of 64 bits.
pub const WIDTH_64: u32 = 0x04;
/// Width of 128 bits.
pub const WIDTH_128: u32 = 0x05;
/// A truth value.
pub const BOOL: u32 = 0x10;
/// A signed integer.
pub const SIGNED: u32 = 0x20;
/// An unsigned integer.
pub const UNSIGNED: u32 = 0x40;
/// A floating point number.
pub const FLOAT: u32 = 0x80;
/// An array of one of the above.
pub const ARRAY: u32 = 0x100;
/// Text.
pub const STRING: u32 = 0x200;
/// Bytes.
pub const RAW: u32 = 0x400;
/// The argument carries a name, and a unit where it is a number.
pub const VARIABLE_INFO: u32 = 0x800;
/// A fixed point number.
pub const FIXED_POINT: u32 = 0x1000;
/// Trace information.
pub const TRACE_INFO: u32 = 0x2000;
/// A structure.
pub const STRUCTURE: u32 = 0x4000;
/// Bits that hold the coding.
pub const CODING: u32 = 0x3_8000;
/// Text in ASCII.
pub const CODING_ASCII: u32 = 0x0;
/// Text in UTF-8.
pub const CODING_UTF8: u32 = 0x8000;
/// A number to be shown in hexadecimal.
pub const CODING_HEX: u32 = 0x1_0000;
/// A number to be shown in binary.
pub const CODING_BIN: u32 = 0x1_8000;
