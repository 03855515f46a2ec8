//! The properties that two attributes hold ([MS-OXTNEF] section 2.1.3.4): a count, then type, id, name and value of
//! each. The types are those of [MS-OXCDATA] section 2.11.1.

use super::Damage;
use super::bytes::{Bytes, text, utf16};

/// Most properties read of one list: a mail has about a hundred.
pub(super) const MAX_PROPERTIES: usize = 10_000;

/// Flag of a type: several values, with their count before them.
const MANY: u16 = 0x1000;

/// From this id on a property has a name.
const FIRST_NAMED: u16 = 0x8000;

const STRING_8: u16 = 0x001e;
const UNICODE: u16 = 0x001f;
const BINARY: u16 = 0x0102;
const OBJECT: u16 = 0x000d;

/// Length of the class id before the bytes of an object.
const CLASS_BYTES: usize = 16;

/// The class id of a mail within a mail (IID_IMessage), as it is written.
const MESSAGE_CLASS: [u8; CLASS_BYTES] = [7, 3, 2, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46];

/// The ids of the properties that are used ([MS-OXPROPS] section 2).
pub(super) mod id {
    pub const BODY: u16 = 0x1000;
    pub const RTF: u16 = 0x1009;
    pub const HTML: u16 = 0x1013;
    pub const DISPLAY_NAME: u16 = 0x3001;
    pub const DATA: u16 = 0x3701;
    pub const FILE_NAME: u16 = 0x3704;
    pub const LONG_FILE_NAME: u16 = 0x3707;
    pub const MEDIA_TYPE: u16 = 0x370e;
    pub const CONTENT_ID: u16 = 0x3712;
    pub const INTERNET_CODE_PAGE: u16 = 0x3fde;

    pub const ALL: [u16; 10] = [
        BODY,
        RTF,
        HTML,
        DISPLAY_NAME,
        DATA,
        FILE_NAME,
        LONG_FILE_NAME,
        MEDIA_TYPE,
        CONTENT_ID,
        INTERNET_CODE_PAGE,
    ];
}

/// One property with its first value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Property<'a> {
    id: u16,
    kind: u16,
    value: &'a [u8],
}

/// What a property of bytes holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Contents<'a> {
    Bytes(&'a [u8]),
    /// A stream of its own.
    Message(&'a [u8]),
}

/// Of a list of properties as far as it can be read: the first of each id that is used.
#[derive(Clone, Debug, Default)]
pub(super) struct Properties<'a>(Vec<Property<'a>>);

impl<'a> Properties<'a> {
    pub(super) fn read(data: &'a [u8]) -> (Self, Option<Damage>) {
        let mut rest = Bytes(data);
        let Some(count) = rest.length() else {
            return (Self::default(), Some(Damage::Cut));
        };
        let mut properties = Self::default();
        for _ in 0..count.min(MAX_PROPERTIES) {
            match property(&mut rest) {
                Ok((property, damage)) => {
                    properties.note(property);
                    if damage.is_some() {
                        return (properties, damage);
                    }
                }
                Err(damage) => return (properties, Some(damage)),
            }
        }
        (properties, (count > MAX_PROPERTIES).then_some(Damage::TooMuch))
    }

    fn note(&mut self, property: Property<'a>) {
        if id::ALL.contains(&property.id) && self.find(property.id).is_none() {
            self.0.push(property);
        }
    }

    /// Adds what another list has and this one has not.
    pub(super) fn add(&mut self, other: Self) {
        for property in other.0 {
            self.note(property);
        }
    }

    fn find(&self, id: u16) -> Option<&Property<'a>> {
        self.0.iter().find(|property| property.id == id)
    }

    pub(super) fn bytes(&self, id: u16) -> Option<&'a [u8]> {
        let value = self.find(id)?.value;
        (!value.is_empty()).then_some(value)
    }

    /// A property of text; one of bytes is read as text too.
    pub(super) fn text(&self, id: u16, code_page: u32) -> Option<String> {
        let property = self.find(id)?;
        let text = match property.kind {
            UNICODE => utf16(property.value),
            STRING_8 | BINARY => text(property.value, code_page),
            _ => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    pub(super) fn number(&self, id: u16) -> Option<u32> {
        Bytes(self.find(id)?.value).u32()
    }

    pub(super) fn contents(&self, id: u16) -> Option<Contents<'a>> {
        let property = self.find(id)?;
        match (property.kind, property.value.split_at_checked(CLASS_BYTES)) {
            (OBJECT, Some((class, stream))) if class == MESSAGE_CLASS => Some(Contents::Message(stream)),
            (OBJECT, Some((_, bytes))) => Some(Contents::Bytes(bytes)),
            (BINARY, _) => Some(Contents::Bytes(property.value)),
            _ => None,
        }
    }
}

fn property<'a>(rest: &mut Bytes<'a>) -> Result<(Property<'a>, Option<Damage>), Damage> {
    let kind = rest.u16().ok_or(Damage::Cut)?;
    let id = rest.u16().ok_or(Damage::Cut)?;
    if id >= FIRST_NAMED {
        skip_name(rest).ok_or(Damage::Cut)?;
    }
    let single = kind & !MANY;
    let varies = matches!(single, STRING_8 | UNICODE | BINARY | OBJECT);
    let count = if varies || kind & MANY != 0 {
        rest.length().ok_or(Damage::Cut)?
    } else {
        1
    };
    let mut first = None;
    for _ in 0..count {
        let (value, damage) = if varies {
            varying(rest)?
        } else {
            fixed(rest, single)?
        };
        let value = *first.get_or_insert(value);
        if damage.is_some() {
            return Ok((
                Property {
                    id,
                    kind: single,
                    value,
                },
                damage,
            ));
        }
    }
    let value = first.unwrap_or_default();
    Ok((
        Property {
            id,
            kind: single,
            value,
        },
        None,
    ))
}

/// The name of a property: a GUID, then a number or a text.
fn skip_name(rest: &mut Bytes<'_>) -> Option<()> {
    rest.take(16)?;
    if rest.u32()? == 0 {
        rest.u32()?;
    } else {
        let length = rest.length()?;
        rest.take(length)?;
        rest.take_up_to(padding(length));
    }
    Some(())
}

/// A value with its length before it; one that is cut short is given as far as it came.
fn varying<'a>(rest: &mut Bytes<'a>) -> Result<(&'a [u8], Option<Damage>), Damage> {
    let length = rest.length().ok_or(Damage::Cut)?;
    let value = rest.take_up_to(length);
    let damage = (value.len() < length).then_some(Damage::Cut);
    rest.take_up_to(padding(length));
    Ok((value, damage))
}

fn fixed<'a>(rest: &mut Bytes<'a>, kind: u16) -> Result<(&'a [u8], Option<Damage>), Damage> {
    let length = match kind {
        0x0002 | 0x0003 | 0x0004 | 0x000a | 0x000b => 4,
        0x0005 | 0x0006 | 0x0007 | 0x0014 | 0x0040 => 8,
        0x0048 => 16,
        _ => return Err(Damage::Garbled),
    };
    let value = rest.take(length).ok_or(Damage::Cut)?;
    Ok((value, None))
}

/// What fills a value up to a multiple of four bytes.
fn padding(length: usize) -> usize {
    (4 - length % 4) % 4
}
