//! Numbers and names as they stand in the environment.

/// A decimal number with an optional sign and blanks around it; `None` for anything else. Numbers
/// beyond 64 bits become the largest there are, so that "far too much" is told from "no number".
pub(super) fn number_of(text: &[u8]) -> Option<i64> {
    let text = text.trim_ascii();
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if digits.is_empty() {
        return None;
    }
    let mut number = 0_i64;
    for digit in digits {
        let value = char::from(*digit).to_digit(10)?;
        number = number.saturating_mul(10).saturating_add(value.into());
    }
    Some(if negative { -number } else { number })
}

/// Text in which case and blanks around it do not matter.
pub(super) struct Text<'a>(pub(super) &'a [u8]);

impl Text<'_> {
    pub(super) fn is(&self, name: &str) -> bool {
        self.0.trim_ascii().eq_ignore_ascii_case(name.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::number_of;

    #[test]
    fn only_whole_numbers_are_numbers() {
        for (text, number) in
            [("0", 0), ("-1", -1), (" +42 ", 42), ("99999999999999999999", i64::MAX)]
        {
            assert_eq!(number_of(text.as_bytes()), Some(number), "{text}");
        }
        for text in ["", "-", "12a", "0x10", "1.5", "1 2", "--1"] {
            assert_eq!(number_of(text.as_bytes()), None, "{text}");
        }
    }
}
