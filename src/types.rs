//! Plain values of the DLT protocol with their codes: identifiers, levels, trace status, formats,
//! overflow modes. No behaviour beyond conversion, no I/O.

#![forbid(unsafe_code)]

/// Bytes of an application, context or ECU identifier on the wire.
pub const ID_SIZE: usize = 4;

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
        pub struct $name(pub [u8; ID_SIZE]);

        impl $name {
            /// The first four bytes of `text`, cut at a NUL and padded with NULs.
            pub fn new(text: &[u8]) -> Self {
                let mut id = [0; ID_SIZE];
                for (to, from) in id.iter_mut().zip(text.iter().take_while(|byte| **byte != 0)) {
                    *to = *from;
                }
                Self(id)
            }

            /// Whether no byte is set: the identifier of nothing.
            pub fn is_empty(self) -> bool {
                self.0[0] == 0
            }

            /// The identifier without its padding.
            pub fn as_bytes(&self) -> &[u8] {
                let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(ID_SIZE);
                self.0.get(..end).unwrap_or(&self.0)
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.as_bytes().escape_ascii())
            }
        }
    };
}

identifier!(
    /// Identifier of an application (APID).
    AppId
);
identifier!(
    /// Identifier of a context (CTID).
    ContextId
);
identifier!(
    /// Identifier of an electronic control unit.
    EcuId
);

/// The identifier that the application side puts into every message; the daemon replaces it.
pub const LIBRARY_ECU: EcuId = EcuId(*b"ECU1");

/// A code that names no value of the type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("code {0} is not defined")]
pub struct UnknownCode(pub i32);

macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(i8)]
        pub enum $name { $($(#[$vdoc])* $variant = $code),+ }

        impl $name {
            /// The code used on the wire and in the C interface.
            pub const fn code(self) -> i8 {
                self as i8
            }
        }

        impl TryFrom<i32> for $name {
            type Error = UnknownCode;
            fn try_from(code: i32) -> Result<Self, UnknownCode> {
                match code {
                    $($code => Ok(Self::$variant),)+
                    other => Err(UnknownCode(other)),
                }
            }
        }
    };
}

coded!(
    /// Log level of a message, or the threshold of a context. The lower, the graver: a message passes
    /// whose level is at most the threshold.
    ///
    /// ```
    /// use dlt::Level;
    ///
    /// assert!(Level::Error < Level::Info);
    /// assert_eq!(Level::try_from(4), Ok(Level::Info));
    /// ```
    Level {
        /// Whatever the daemon has for default.
        Default = -1,
        /// Threshold only: nothing passes.
        Off = 0,
        /// The system cannot go on.
        Fatal = 1,
        /// Something failed.
        Error = 2,
        /// Something is not as it should be.
        Warn = 3,
        /// Normal operation.
        Info = 4,
        /// For developers.
        Debug = 5,
        /// For developers, in every detail.
        Verbose = 6,
    }
);

impl Level {
    /// FATAL and ERROR, for which a part of the ring is kept free and the worker wakes at once.
    pub const fn is_urgent(self) -> bool {
        matches!(self, Level::Fatal | Level::Error)
    }
}

coded!(
    /// Whether a context's network trace is sent.
    TraceStatus {
        /// Whatever the daemon has for default.
        Default = -1,
        /// Not sent.
        Off = 0,
        /// Sent.
        On = 1,
    }
);

/// Code for "no level" and "no trace status given" in registrations.
pub const NOT_SET: i8 = -2;

coded!(
    /// What happens to a message that finds no room. In each mode every lost message is counted once.
    ///
    /// ```
    /// assert_eq!(dlt::OverflowMode::try_from(2), Ok(dlt::OverflowMode::Block));
    /// ```
    OverflowMode {
        /// The oldest waiting message is given up for it.
        Overwrite = 0,
        /// It is refused: the oldest messages are kept.
        DropNewest = 1,
        /// The caller waits for room, at most the configured time; then it is refused.
        Block = 2,
    }
);

coded!(
    /// How a viewer shows an integer, or bytes.
    ///
    /// ```
    /// use dlt::{Format, Value};
    ///
    /// let words = Value::raw(&[0x12, 0x34, 0x56, 0x78], Format::Hex16);
    /// # drop(format!("{words:?}"));
    /// ```
    Format {
        /// Decimal.
        Default = 0,
        /// Hexadecimal, 8 bits.
        Hex8 = 1,
        /// Hexadecimal, 16 bits.
        Hex16 = 2,
        /// Hexadecimal, 32 bits.
        Hex32 = 3,
        /// Hexadecimal, 64 bits.
        Hex64 = 4,
        /// Binary, 8 bits.
        Bin8 = 5,
        /// Binary, 16 bits.
        Bin16 = 6,
    }
);

coded!(
    /// Bus a network trace was taken from (message type info of NW_TRACE messages).
    NetworkTraceType {
        /// Inter-process communication.
        Ipc = 1,
        /// CAN.
        Can = 2,
        /// FlexRay.
        FlexRay = 3,
        /// MOST.
        Most = 4,
        /// Reserved.
        Reserved0 = 5,
        /// Reserved.
        Reserved1 = 6,
        /// Reserved.
        Reserved2 = 7,
        /// User defined.
        UserDefined0 = 8,
        /// User defined.
        UserDefined1 = 9,
        /// User defined.
        UserDefined2 = 10,
        /// User defined.
        UserDefined3 = 11,
        /// User defined.
        UserDefined4 = 12,
        /// User defined.
        UserDefined5 = 13,
        /// User defined.
        UserDefined6 = 14,
        /// A repetition.
        Resend = 15,
    }
);
