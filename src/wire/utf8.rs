//! Where UTF-8 text may be cut.

/// The longest cut of at most `limit` bytes that splits no character. Looks back at most three
/// bytes, so text that is not UTF-8 is cut near `limit` all the same.
pub(super) fn floor_boundary(text: &[u8], limit: usize) -> usize {
    let Some(kept) = text.get(..limit) else {
        return text.len();
    };
    if limit == text.len() {
        return limit;
    }
    for (back, byte) in (1..=3).zip(kept.iter().rev()) {
        let sequence = match byte {
            0x00..=0x7f => 1,
            0x80..=0xbf => continue,
            0xc0..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xff => 4,
        };
        return if sequence > back { limit - back } else { limit };
    }
    limit
}

#[cfg(test)]
mod tests {
    use super::floor_boundary;

    #[test]
    fn a_cut_between_characters_stays() {
        assert_eq!(floor_boundary("aé€".as_bytes(), 3), 3);
        assert_eq!(floor_boundary(b"abc", 2), 2);
    }

    #[test]
    fn a_cut_inside_a_character_moves_in_front_of_it() {
        for text in ["é", "€", "😀"] {
            for limit in 0..text.len() {
                assert_eq!(floor_boundary(text.as_bytes(), limit), 0, "{text} at {limit}");
            }
        }
    }

    #[test]
    fn text_shorter_than_the_limit_is_kept_whole() {
        assert_eq!(floor_boundary(b"ab", 5), 2);
        assert_eq!(floor_boundary("€".as_bytes(), 3), 3);
    }

    #[test]
    fn continuation_bytes_without_a_start_are_cut_at_the_limit() {
        assert_eq!(floor_boundary(&[0x80; 10], 7), 7);
    }
}
