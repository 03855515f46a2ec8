//! The forms of Unicode besides UTF-8: UTF-7 (RFC 2152), UTF-16 (RFC 2781), UTF-32.

use super::Order;

/// Reads UTF-7. What is not well formed becomes U+FFFD.
pub(super) fn utf_7(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'+' {
            text.push(if byte.is_ascii() {
                char::from(byte)
            } else {
                char::REPLACEMENT_CHARACTER
            });
            continue;
        }
        let end = after
            .iter()
            .position(|byte| sextet(*byte).is_none())
            .unwrap_or(after.len());
        let (run, tail) = after.split_at(end);
        rest = tail.strip_prefix(b"-").unwrap_or(tail);
        if run.is_empty() {
            text.push('+');
        } else {
            push_units(&mut text, run);
        }
    }
    text
}

/// Adds the UTF-16 of a run of base64.
fn push_units(text: &mut String, run: &[u8]) {
    let (mut bits, mut held) = (0_u32, 0_u32);
    let mut units = Vec::with_capacity(run.len() * 3 / 8);
    for value in run.iter().filter_map(|byte| sextet(*byte)) {
        bits = (bits << 6) | value;
        held += 6;
        if held >= 16 {
            held -= 16;
            units.push((bits >> held) as u16);
            bits &= (1 << held) - 1;
        }
    }
    text.extend(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)));
    // Fewer than six bits fill the last letter up; more are half a letter.
    if held >= 6 {
        text.push(char::REPLACEMENT_CHARACTER);
    }
}

fn sextet(byte: u8) -> Option<u32> {
    Some(match byte {
        b'A'..=b'Z' => u32::from(byte - b'A'),
        b'a'..=b'z' => u32::from(byte - b'a') + 26,
        b'0'..=b'9' => u32::from(byte - b'0') + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

/// Reads UTF-16 in the stated order, or in the one that the zero bytes of its spaces and line ends tell.
pub(super) fn utf_16(bytes: &[u8], order: Option<Order>) -> String {
    let order = order.unwrap_or_else(|| order_of(bytes));
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| match order {
        Order::Big => u16::from_be_bytes(*pair),
        Order::Little => u16::from_le_bytes(*pair),
    });
    let mut text: String = char::decode_utf16(units)
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    if !rest.is_empty() {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    text
}

/// The order of UTF-16: without any sign the one that RFC 2781 (section 4.3) names.
fn order_of(bytes: &[u8]) -> Order {
    let zeros = |at: usize| {
        bytes
            .iter()
            .skip(at)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    if zeros(1) > zeros(0) {
        Order::Little
    } else {
        Order::Big
    }
}

/// Reads UTF-32 in the stated order, or in the one in which the first letter is a letter.
pub(super) fn utf_32(bytes: &[u8], order: Option<Order>) -> String {
    let (quads, rest) = bytes.as_chunks::<4>();
    let order = order.unwrap_or_else(|| match quads.first() {
        Some(first) if char::from_u32(u32::from_be_bytes(*first)).is_none() => Order::Little,
        _ => Order::Big,
    });
    let mut text: String = quads
        .iter()
        .map(|quad| match order {
            Order::Big => u32::from_be_bytes(*quad),
            Order::Little => u32::from_le_bytes(*quad),
        })
        .map(|letter| char::from_u32(letter).unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    if !rest.is_empty() {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_7_is_read_to_its_end() {
        for (bytes, expected) in [
            (&b"Gr+APwA3w-e"[..], "Gr\u{fc}\u{df}e"),
            (b"Gr+APwA3w", "Gr\u{fc}\u{df}"),
            (b"1 +- 1", "1 + 1"),
            (b"Hi Mom +Jjo-!", "Hi Mom \u{263a}!"),
            (b"+2D3eTg-", "\u{1f64e}"),
            (b"+AOQ b", "\u{e4} b"),
            (b"+", "+"),
            (b"\xe4", "\u{fffd}"),
            (b"+A-", "\u{fffd}"),
        ] {
            assert_eq!(utf_7(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn the_order_of_wide_letters_is_found() {
        assert_eq!(utf_16(b"\0G\0r\0\xfc", None), "Gr\u{fc}");
        assert_eq!(utf_16(b"G\0r\0\xfc\0", None), "Gr\u{fc}");
        assert_eq!(utf_16(b"G\0r", Some(Order::Little)), "G\u{fffd}");
        assert_eq!(utf_32(b"\0\0\0G\0\0\0\xfc", None), "G\u{fc}");
        assert_eq!(utf_32(b"G\0\0\0\xfc\0\0\0", None), "G\u{fc}");
        assert_eq!(
            utf_32(b"\xff\xff\xff\xff\0", Some(Order::Big)),
            "\u{fffd}\u{fffd}"
        );
    }
}
