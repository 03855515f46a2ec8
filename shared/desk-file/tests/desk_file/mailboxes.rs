//! Mailboxes and channels of a file.

use super::names;
use docket_desk_file::{DeskFile, changes_of, parse, text_of};
use docket_domain::{
    GroupId,
    configuration::{HookChannel, HookKind, Mailbox, Setup},
};

const DOMAIN: &str = "in.docket.local";

fn mailbox(id: u64, address: &str) -> Mailbox {
    Mailbox {
        id,
        address: format!("{address}@{DOMAIN}"),
        ..Mailbox::default()
    }
}

fn base() -> Setup {
    Setup {
        v: 4,
        mailboxes: vec![mailbox(1, "support"), mailbox(3, "sales")],
        last_mailbox_id: 5,
        channels: vec![HookChannel {
            name: "bot".to_owned(),
            kind: HookKind::Docket,
        }],
        ..Setup::new(GroupId(1))
    }
}

fn setup(text: &str) -> Result<Setup, Vec<String>> {
    let setup = parse(text).and_then(|written| written.setup(&base(), Some(&names()), DOMAIN));
    setup.map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

#[test]
fn a_mailbox_that_keeps_its_address_keeps_its_number_and_numbers_are_given_once() {
    let after = setup(
        "mailboxes:\n  - {address: new@in.docket.local}\n  - {address: ' Support@in.docket.local', name: Help, aliases: [HELP@in.docket.local], group: Sales}\n",
    )
    .unwrap();
    let ids: Vec<u64> = after.mailboxes.iter().map(|mailbox| mailbox.id).collect();
    assert_eq!((ids, after.last_mailbox_id), (vec![6, 1], 6));
    let support = &after.mailboxes[1];
    assert_eq!(support.address, "support@in.docket.local");
    assert_eq!(support.aliases, ["help@in.docket.local"]);
    assert_eq!((support.name.as_str(), support.group), ("Help", Some(GroupId(2))));
    assert_eq!(
        after.channels,
        base().channels,
        "a section that is left out stays as it is"
    );
    assert_eq!((after.v, after.default_group), (4, GroupId(1)));
}

#[test]
fn what_is_written_reads_back_as_the_same() {
    let mut before = base();
    before.mailboxes[0] = Mailbox {
        name: "Support: us".to_owned(),
        aliases: vec!["help@in.docket.local".to_owned()],
        group: Some(GroupId(1)),
        signature: Some("{{ agent }}\n".to_owned()),
        answer_template: Some("{{ content }}\n\n{{ signature }}".to_owned()),
        acknowledgement_template: Some("{{ ticket }}".to_owned()),
        acknowledgement_subject: Some("We have it".to_owned()),
        is_silent: true,
        contact_forms: vec!["form@www.example".to_owned()],
        ..before.mailboxes[0].clone()
    };
    let file = DeskFile::default().with_setup(&before, &names()).unwrap();
    let text = text_of(&file).unwrap();
    assert_eq!(setup(&text).unwrap().mailboxes, before.mailboxes, "{text}");
    let after = DeskFile::default()
        .with_setup(&setup(&text).unwrap(), &names())
        .unwrap();
    assert_eq!(changes_of(&file, &after), []);
}

#[test]
fn a_mailbox_that_could_not_work_is_told_where_it_stands() {
    let entry = |keys: &str| format!("mailboxes: [{{address: support@in.docket.local, {keys}}}]");
    for (text, expected) in [
        (
            "mailboxes: []".to_owned(),
            "1:12: mailboxes: 0 mailboxes, 1 to 100 are allowed; the first serves tickets that did not come by mail",
        ),
        (
            "mailboxes: [{adress: x}]".to_owned(),
            "1:14: mailboxes[0].adress: there is no key `adress` here; did you mean `address`?",
        ),
        (
            "mailboxes: [{address: support@x.example}]".to_owned(),
            "1:23: mailboxes[0].address: \"support@x.example\" is not of this desk's mail domain in.docket.local",
        ),
        (
            "mailboxes: [{address: a+b@in.docket.local}]".to_owned(),
            "1:23: mailboxes[0].address: \"a+b@in.docket.local\" needs a local part of at most 30 characters without '+'",
        ),
        (
            entry("aliases: [x]"),
            "1:58: mailboxes[0].aliases[0]: \"x\" is not a mail address",
        ),
        (
            entry("group: Nobody"),
            "1:55: mailboxes[0].group: the desk has no group \"Nobody\"; there are: Sales, Support",
        ),
        (
            entry("signature: '{{ subject }}'"),
            "1:59: mailboxes[0].signature: subject is none of brand, mailbox, ticket, agent",
        ),
        (
            entry("contact_forms: [Support@in.docket.local]"),
            "1:64: mailboxes[0].contact_forms[0]: \"support@in.docket.local\" is a mailbox of this desk",
        ),
        (
            "channels: [{name: Bot}]".to_owned(),
            "1:19: channels[0].name: a channel's name has 1 to 40 characters a-z, 0-9 and -",
        ),
        (
            "channels: [{name: a}, {name: a}]".to_owned(),
            "1:30: channels[1].name: channels[0] is called \"a\", too",
        ),
        (
            "channels: [{name: webhooks}]".to_owned(),
            "1:19: channels[0].name: \"webhooks\" is what the desk calls its own calls; take another name",
        ),
        (
            "channels: [{name: a, secret: x}]".to_owned(),
            "1:22: channels[0].secret: there is no key `secret` here; there are: name, kind",
        ),
    ] {
        assert_eq!(setup(&text).unwrap_err(), [expected], "{text}");
    }
    let twice = "mailboxes: [{address: sales@in.docket.local}, {address: sales@in.docket.local}]";
    let taken = |at: usize, index: usize| {
        format!("1:{at}: mailboxes[{index}].address: \"sales@in.docket.local\" is taken already")
    };
    assert_eq!(setup(twice).unwrap_err(), [taken(23, 0), taken(57, 1)]);
}
