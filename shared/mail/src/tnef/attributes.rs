//! The attributes a TNEF stream is made of ([MS-OXTNEF] section 2.1.3): level, id, length, data, checksum.

use super::Damage;
use super::bytes::Bytes;

/// How every stream starts, as its first four bytes.
pub(super) const SIGNATURE: [u8; 4] = [0x78, 0x9f, 0x3e, 0x22];

/// Most attributes read of one stream: a mail has about twenty, and a file five.
pub(super) const MAX_ATTRIBUTES: usize = 10_000;

/// The ids of the attributes that are used ([MS-OXTNEF] section 2.1.3.3), data type above, number below.
pub(super) mod id {
    pub const CODE_PAGE: u32 = 0x0006_9007;
    pub const BODY: u32 = 0x0002_800c;
    pub const MESSAGE_PROPERTIES: u32 = 0x0006_9003;
    pub const FILE_STARTS: u32 = 0x0006_9002;
    pub const FILE_TITLE: u32 = 0x0001_8010;
    pub const FILE_DATA: u32 = 0x0006_800f;
    pub const FILE_TRANSPORT_NAME: u32 = 0x0006_9001;
    pub const FILE_PROPERTIES: u32 = 0x0006_9005;
}

/// One attribute.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attribute<'a> {
    /// Whether it is about a file, and not about the mail.
    pub(super) of_file: bool,
    pub(super) id: u32,
    pub(super) data: &'a [u8],
}

/// The attributes of a stream as far as they can be read, and what stopped or troubled reading.
pub(super) fn attributes(stream: &[u8]) -> (Vec<Attribute<'_>>, Option<Damage>) {
    let mut rest = Bytes(stream);
    let mut attributes = Vec::new();
    if rest.take(SIGNATURE.len()) != Some(SIGNATURE.as_slice()) {
        return (attributes, Some(Damage::Garbled));
    }
    // The key, by which nothing of what is read here is found.
    if rest.u16().is_none() {
        return (attributes, Some(Damage::Cut));
    }
    let mut damage = None;
    // Some writers fill up with zeros.
    while rest.0.iter().any(|byte| *byte != 0) {
        if attributes.len() == MAX_ATTRIBUTES {
            return (attributes, Some(Damage::TooMuch));
        }
        match attribute(&mut rest) {
            Ok((attribute, troubled)) => {
                damage = damage.or(troubled);
                attributes.push(attribute);
            }
            Err(stopped) => return (attributes, Some(stopped)),
        }
    }
    (attributes, damage)
}

/// The next attribute; one that is cut short is given as far as it came.
fn attribute<'a>(rest: &mut Bytes<'a>) -> Result<(Attribute<'a>, Option<Damage>), Damage> {
    let of_file = match rest.u8() {
        Some(1) => false,
        Some(2) => true,
        _ => return Err(Damage::Garbled),
    };
    let id = rest.u32().ok_or(Damage::Cut)?;
    let length = rest.length().ok_or(Damage::Cut)?;
    let data = rest.take_up_to(length);
    let damage = match rest.u16() {
        _ if data.len() < length => Some(Damage::Cut),
        None => Some(Damage::Cut),
        Some(sum) if sum != checksum(data) => Some(Damage::Garbled),
        Some(_) => None,
    };
    Ok((Attribute { of_file, id, data }, damage))
}

/// The sum of the bytes, modulo 65,536.
pub(super) fn checksum(data: &[u8]) -> u16 {
    data.iter()
        .fold(0, |sum: u16, byte| sum.wrapping_add(u16::from(*byte)))
}
