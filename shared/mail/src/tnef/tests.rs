use proptest::prelude::*;

use super::*;

/// An attribute as it is written; level 1 is of the mail, 2 of a file.
fn attribute(level: u8, id: u32, data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![level];
    bytes.extend(id.to_le_bytes());
    bytes.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
    bytes.extend(data);
    bytes.extend(attributes::checksum(data).to_le_bytes());
    bytes
}

fn stream(attributes: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = SIGNATURE.to_vec();
    bytes.extend([1, 0]);
    bytes.extend(attributes.concat());
    bytes
}

/// A property of one value with a length before it.
fn property(kind: u16, id: u16, value: &[u8]) -> Vec<u8> {
    let mut bytes = [kind.to_le_bytes(), id.to_le_bytes()].concat();
    bytes.extend(1_u32.to_le_bytes());
    bytes.extend(u32::try_from(value.len()).unwrap().to_le_bytes());
    bytes.extend(value);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

fn properties(list: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = u32::try_from(list.len()).unwrap().to_le_bytes().to_vec();
    bytes.extend(list.concat());
    bytes
}

fn file(title: &[u8], data: &[u8]) -> Vec<u8> {
    [
        attribute(2, attributes::id::FILE_STARTS, &[0; 14]),
        attribute(2, attributes::id::FILE_TITLE, title),
        attribute(2, attributes::id::FILE_DATA, data),
    ]
    .concat()
}

fn nested(inner: &[u8]) -> Vec<u8> {
    let class = [7, 3, 2, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46];
    let object = [class.as_slice(), inner].concat();
    let list = properties(&[
        property(0x1e, properties::id::DISPLAY_NAME, b"inner\0"),
        property(0x0d, properties::id::DATA, &object),
    ]);
    stream(&[
        attribute(2, attributes::id::FILE_STARTS, &[0; 14]),
        attribute(2, attributes::id::FILE_PROPERTIES, &list),
    ])
}

fn opened(stream: &[u8]) -> Unpacked {
    unpack(stream, &mut Allowance::default())
}

fn names(unpacked: &Unpacked) -> Vec<&str> {
    unpacked.files.iter().map(|file| file.name.as_str()).collect()
}

#[test]
fn text_is_read_in_the_code_page_of_the_stream() {
    let unpacked = opened(&stream(&[
        attribute(1, attributes::id::CODE_PAGE, &[0xe3, 4, 0, 0, 0, 0, 0, 0]),
        attribute(1, attributes::id::BODY, b"\xcf\xf0\xe8\xe2\xe5\xf2\0"),
    ]));
    assert_eq!(unpacked.text.as_deref(), Some("Привет"));
    assert_eq!(unpacked.damage, None);
}

#[test]
fn the_text_of_the_properties_comes_first() {
    let list = properties(&[
        property(0x1f, properties::id::BODY, b"\x42\x04\0\0"),
        property(0x102, properties::id::HTML, b"<p>x</p>"),
    ]);
    let unpacked = opened(&stream(&[
        attribute(1, attributes::id::BODY, b"?\0"),
        attribute(1, attributes::id::MESSAGE_PROPERTIES, &list),
    ]));
    assert_eq!(
        (unpacked.text.as_deref(), unpacked.html.as_deref()),
        (Some("т"), Some("<p>x</p>"))
    );
}

#[test]
fn a_name_cannot_leave_its_folder() {
    let unpacked = opened(&stream(&[file(b"..\\..\\a/b\x07.txt\0", b"x")]));
    assert_eq!(names(&unpacked), ["b_.txt"]);
}

#[test]
fn a_file_without_a_name_gets_one() {
    assert_eq!(
        names(&opened(&stream(&[file(b"\0", b"x")]))),
        ["attachment-1.bin"]
    );
}

#[test]
fn a_mail_within_gives_its_text_and_files() {
    let inner = stream(&[
        attribute(1, attributes::id::BODY, b"hello\0"),
        file(b"a.txt\0", b"x"),
    ]);
    let unpacked = opened(&nested(&inner));
    assert_eq!(names(&unpacked), ["inner.txt", "a.txt"]);
    assert_eq!((unpacked.text, unpacked.damage), (None, None));
}

#[test]
fn mails_nested_too_deep_stay_packed() {
    let mut bytes = stream(&[file(b"a.txt\0", b"x")]);
    for _ in 0..MAX_DEPTH {
        bytes = nested(&bytes);
    }
    assert_eq!(
        (names(&opened(&bytes)), opened(&bytes).damage),
        (vec!["a.txt"], None)
    );
    bytes = nested(&bytes);
    let unpacked = opened(&bytes);
    assert_eq!(names(&unpacked), ["inner.dat"]);
    assert_eq!(unpacked.damage, Some(Damage::TooMuch));
}

#[test]
fn more_files_than_a_mail_may_have_are_left_packed() {
    let unpacked = opened(&stream(&vec![file(b"a\0", b"x"); MAX_FILES + 1]));
    assert_eq!(
        (unpacked.files.len(), unpacked.damage),
        (MAX_FILES, Some(Damage::TooMuch))
    );
    let unpacked = opened(&stream(&vec![file(b"a\0", b"x"); MAX_FILES]));
    assert_eq!((unpacked.files.len(), unpacked.damage), (MAX_FILES, None));
}

#[test]
fn more_bytes_than_a_mail_may_have_are_left_packed() {
    let mut allowance = Allowance { files: 9, bytes: 5 };
    let bytes = stream(&[file(b"a\0", b"four"), file(b"b\0", b"xx"), file(b"c\0", b"x")]);
    let unpacked = unpack(&bytes, &mut allowance);
    assert_eq!(names(&unpacked), ["a", "c"]);
    assert_eq!(unpacked.damage, Some(Damage::TooMuch));
}

#[test]
fn more_attributes_than_any_mail_has_are_not_read() {
    let many = vec![attribute(1, 0x0001_0000, b""); attributes::MAX_ATTRIBUTES + 1];
    assert_eq!(opened(&stream(&many)).damage, Some(Damage::TooMuch));
    assert_eq!(opened(&stream(&many[1..])).damage, None);
}

#[test]
fn more_properties_than_any_mail_has_are_not_read() {
    let wrapped = |count| {
        let list = properties(&vec![property(0x1e, 0x1234, b""); count]);
        opened(&stream(&[attribute(
            1,
            attributes::id::MESSAGE_PROPERTIES,
            &list,
        )]))
        .damage
    };
    assert_eq!(wrapped(properties::MAX_PROPERTIES), None);
    assert_eq!(wrapped(properties::MAX_PROPERTIES + 1), Some(Damage::TooMuch));
}

#[test]
fn a_length_beyond_the_end_gives_what_is_there() {
    let mut bytes = stream(&[attribute(2, attributes::id::FILE_TITLE, b"a.txt\0")]);
    bytes.push(2);
    bytes.extend(attributes::id::FILE_DATA.to_le_bytes());
    bytes.extend([0xff; 4]);
    bytes.extend(b"start");
    let unpacked = opened(&bytes);
    assert_eq!(
        (names(&unpacked), &*unpacked.files[0].bytes, unpacked.damage),
        (vec!["a.txt"], b"start".as_slice(), Some(Damage::Cut))
    );
}

#[test]
fn a_wrong_checksum_is_noted_and_the_data_is_kept() {
    let mut bytes = stream(&[file(b"a.txt\0", b"x")]);
    *bytes.last_mut().unwrap() ^= 1;
    let unpacked = opened(&bytes);
    assert_eq!(
        (names(&unpacked), unpacked.damage),
        (vec!["a.txt"], Some(Damage::Garbled))
    );
}

#[test]
fn zeros_at_the_end_are_no_damage() {
    let mut bytes = stream(&[file(b"a.txt\0", b"x")]);
    bytes.extend([0; 9]);
    assert_eq!(opened(&bytes).damage, None);
}

fn sample() -> Vec<u8> {
    let named = [
        [0x1f_u16.to_le_bytes(), 0x8001_u16.to_le_bytes()].concat(),
        vec![7; 16],
        vec![1, 0, 0, 0, 6, 0, 0, 0, b'a', 0, b'b', 0, b'c', 0, 0, 0],
        vec![1, 0, 0, 0, 2, 0, 0, 0, b'v', 0, 0, 0],
    ]
    .concat();
    let list = properties(&[named, property(0x1f, properties::id::BODY, b"h\0i\0")]);
    let inner = nested(&stream(&[file(b"deep.txt\0", b"deep")]));
    [
        stream(&[attribute(1, attributes::id::MESSAGE_PROPERTIES, &list)]),
        inner[6..].to_vec(),
        file(b"a.txt\0", b"xyz"),
    ]
    .concat()
}

#[test]
fn a_stream_cut_anywhere_is_read_as_far_as_it_goes() {
    let whole = sample();
    let unpacked = opened(&whole);
    assert_eq!(names(&unpacked), ["deep.txt", "a.txt"]);
    assert_eq!((unpacked.text.as_deref(), unpacked.damage), (Some("hi"), None));
    for end in 0..whole.len() {
        let cut = opened(&whole[..end]);
        assert!(cut.files.len() <= 2, "{end}");
        let untroubled = cut.damage.is_none();
        // Between attributes nothing shows that more was to come.
        assert!(
            !untroubled || cut.files.iter().all(|file| !file.bytes.is_empty()),
            "{end}"
        );
    }
}

#[test]
fn a_stream_with_any_bit_wrong_is_read() {
    let whole = sample();
    for bit in 0..whole.len() * 8 {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let unpacked = opened(&bytes);
        let size: usize = unpacked.files.iter().map(|file| file.bytes.len()).sum();
        assert!(size <= whole.len(), "{bit}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_within_bounds(
        bytes in prop::collection::vec(any::<u8>(), 0..2_000),
        level in 1_u8..3,
        id in prop::sample::select(vec![
            attributes::id::CODE_PAGE, attributes::id::BODY, attributes::id::MESSAGE_PROPERTIES,
            attributes::id::FILE_STARTS, attributes::id::FILE_TITLE, attributes::id::FILE_DATA,
            attributes::id::FILE_PROPERTIES,
        ]),
    ) {
        for stream in [bytes.clone(), stream(&[attribute(level, id, &bytes), file(b"a\0", b"x")])] {
            let unpacked = opened(&stream);
            let size: usize = unpacked.files.iter().map(|file| file.bytes.len()).sum();
            prop_assert!(size <= stream.len() * 3);
        }
    }

    #[test]
    fn any_file_is_unpacked_as_it_was(data in prop::collection::vec(any::<u8>(), 1..500), name in "[a-z]{1,40}\\.[a-z]{3}") {
        let unpacked = opened(&stream(&[file(format!("{name}\0").as_bytes(), &data)]));
        prop_assert_eq!(names(&unpacked), [name.as_str()]);
        prop_assert_eq!(&unpacked.files[0].bytes, &data);
        prop_assert_eq!(unpacked.damage, None);
    }
}
