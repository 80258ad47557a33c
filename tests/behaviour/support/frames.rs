//! The frames of the application-daemon protocol, decoded independently of the library's own code.

/// A DLT message as it stands in a LOG frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub counter: u8,
    pub app: String,
    pub context: String,
    pub level: u8,
    pub arguments: u8,
    pub payload: Vec<u8>,
}

impl Message {
    /// The `index`th argument, where all arguments before it are 32-bit integers.
    pub fn number(&self, index: usize) -> Option<u32> {
        let part = self.payload.get(index * 8..index * 8 + 8)?;
        let (info, value) = (little(part, 0)?, little(part, 4)?);
        matches!(info, 0x43 | 0x23).then_some(value)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Frame {
    Log(Message),
    RegisterApplication { app: String, pid: u32, description: String },
    UnregisterApplication { app: String, pid: u32 },
    RegisterContext { app: String, context: String, position: u32, level: i8, trace: i8, pid: u32 },
    UnregisterContext { app: String, context: String, pid: u32 },
    Overflow { lost: u32, app: String },
    Limits,
    LogMode,
    Marker,
}

/// What stands at the start of a buffer.
pub enum Parsed {
    /// A frame and its length.
    Frame(Frame, usize),
    Incomplete,
    Garbage,
}

fn little(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn id(bytes: &[u8], at: usize) -> Option<String> {
    let id = bytes.get(at..at + 4)?;
    Some(String::from_utf8_lossy(id).trim_end_matches('\0').to_owned())
}

/// Reads one frame.
pub fn parse(bytes: &[u8]) -> Parsed {
    if bytes.len() < 8 {
        return Parsed::Incomplete;
    }
    if !bytes.starts_with(b"DUH\x01") {
        return Parsed::Garbage;
    }
    match little(bytes, 4) {
        Some(1..=5 | 8 | 9 | 11 | 13) => {
            body(bytes).map_or(Parsed::Incomplete, |(frame, length)| Parsed::Frame(frame, length))
        }
        _ => Parsed::Garbage,
    }
}

/// None: not all of it is there.
fn body(bytes: &[u8]) -> Option<(Frame, usize)> {
    let text = |at: usize| -> Option<(String, usize)> {
        let length = little(bytes, at)? as usize;
        let text = bytes.get(at + 4..at + 4 + length)?;
        Some((String::from_utf8_lossy(text).into_owned(), at + 4 + length))
    };
    Some(match little(bytes, 4)? {
        1 => {
            let length = 8 + usize::from(u16::from_be_bytes(bytes.get(10..12)?.try_into().ok()?));
            (Frame::Log(message(bytes.get(8..length)?)?), length)
        }
        2 => {
            let (description, length) = text(16)?;
            let frame = Frame::RegisterApplication {
                app: id(bytes, 8)?,
                pid: little(bytes, 12)?,
                description,
            };
            (frame, length)
        }
        3 => (Frame::UnregisterApplication { app: id(bytes, 8)?, pid: little(bytes, 12)? }, 16),
        4 => {
            let (_, length) = text(26)?;
            let frame = Frame::RegisterContext {
                app: id(bytes, 8)?,
                context: id(bytes, 12)?,
                position: little(bytes, 16)?,
                level: bytes[20].cast_signed(),
                trace: bytes[21].cast_signed(),
                pid: little(bytes, 22)?,
            };
            (frame, length)
        }
        5 => {
            let (app, context) = (id(bytes, 8)?, id(bytes, 12)?);
            (Frame::UnregisterContext { app, context, pid: little(bytes, 16)? }, 20)
        }
        8 => (Frame::Overflow { lost: little(bytes, 8)?, app: id(bytes, 12)? }, 16),
        9 => (bytes.len() >= 14).then_some((Frame::Limits, 14))?,
        11 => (bytes.len() >= 9).then_some((Frame::LogMode, 9))?,
        // libdlt sends eight bytes, libdlt-ng the nine that the daemon expects.
        _ if bytes.get(8) == Some(&0) => (Frame::Marker, 9),
        _ => (Frame::Marker, 8),
    })
}

fn message(bytes: &[u8]) -> Option<Message> {
    let flags = *bytes.first()?;
    let extras = [4, 8, 16].iter().filter(|bit| flags & **bit != 0).count() * 4;
    let at = 4 + extras;
    let extended = flags & 1 != 0;
    let info = if extended { *bytes.get(at)? } else { 0 };
    Some(Message {
        counter: *bytes.get(1)?,
        app: if extended { id(bytes, at + 2)? } else { String::new() },
        context: if extended { id(bytes, at + 6)? } else { String::new() },
        level: info >> 4,
        arguments: if extended { *bytes.get(at + 1)? } else { 0 },
        payload: bytes.get(at + if extended { 10 } else { 0 }..)?.to_vec(),
    })
}

/// LOG_LEVEL from the daemon.
pub fn log_level(position: u32, level: u8, trace: u8) -> Vec<u8> {
    let mut frame = b"DUH\x01\x06\0\0\0".to_vec();
    frame.extend([level, trace]);
    frame.extend(position.to_le_bytes());
    frame
}

/// INJECTION from the daemon.
pub fn injection(position: u32, service: u32, data: &[u8]) -> Vec<u8> {
    let mut frame = b"DUH\x01\x07\0\0\0".to_vec();
    frame.extend(position.to_le_bytes());
    frame.extend(service.to_le_bytes());
    frame.extend(u32::try_from(data.len()).expect("short").to_le_bytes());
    frame.extend(data);
    frame
}

/// LOG_STATE from the daemon.
pub fn log_state(state: u8) -> Vec<u8> {
    let mut frame = b"DUH\x01\x0c\0\0\0".to_vec();
    frame.push(state);
    frame
}
