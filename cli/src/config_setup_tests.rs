//! Groups, mailboxes and channels of a file, put in force beside its book.

use super::*;

const SETUP: &str = "mailboxes:\n  - {address: help@in.docket.local, name: Help, group: Support}\n  \
                     - {address: support@in.docket.local, name: Docket Support}\nchannels: [{name: bot}, {name: chat}]\n";

#[tokio::test]
async fn mailboxes_and_channels_are_put_in_force_and_a_new_channel_s_secret_is_shown_once() {
    let (local, folder) = (desk().await, Folder::new("setup"));
    let before = local.desk.setup().await.unwrap();
    let file = folder.file(SETUP);
    let lines = "+ mailbox help@in.docket.local\n+ channel chat\n";
    assert_eq!(
        differs(&local.desk, &file, false, Paint::Plain).await,
        (true, lines.to_owned())
    );
    assert_eq!(*local.desk.setup().await.unwrap(), *before, "nothing was changed");
    let said = applied(&local.desk, &file).await;
    let secrets = local.desk.channel_secrets("chat").await.unwrap();
    let [secret] = &secrets[..] else { panic!("{said}") };
    let secret = secret.expose();
    assert!(secret.starts_with("whsec_"));
    assert_eq!(
        said,
        format!("secret of channel chat, shown this once: {secret}\n{lines}version 0 is in force\n")
    );
    let setup = local.desk.setup().await.unwrap();
    let mailboxes: Vec<(u64, &str)> = setup
        .mailboxes
        .iter()
        .map(|mailbox| (mailbox.id, mailbox.address.as_str()))
        .collect();
    assert_eq!(
        mailboxes,
        [(2, "help@in.docket.local"), (1, "support@in.docket.local")]
    );
    assert!(setup.channel("chat").is_some());
    assert_eq!(
        applied(&local.desk, &file).await,
        "nothing was changed: version 0 says the same\n"
    );
    let rules = folder.file("triggers: [{name: T, when: 'ticket.mailbox == \"help@in.docket.local\"', actions: [{add_tags: [a]}]}]\n");
    assert_eq!(
        applied(&local.desk, &rules).await,
        "+ trigger T\nversion 1 is in force\n"
    );
}

const GROUPS: &str = "groups:\n  - {name: Support, members: [], escalates_to: Second level, strategy: round_robin}\n  \
                      - {name: Second level, default: true, members: [admin@docket.local]}\n\
                      mailboxes: [{address: support@in.docket.local, name: Docket Support, group: Second level}]\n\
                      triggers: [{name: Up, actions: [{set_group: Second level}]}]\n";

#[tokio::test]
async fn groups_come_before_what_names_them_and_go_when_nothing_does() {
    let (local, folder) = (desk().await, Folder::new("groups"));
    let admin = docket_domain::people::person::Identity::email("admin@docket.local");
    let admin = local.desk.people().find(&admin).await.unwrap().unwrap().id;
    let file = folder.file(GROUPS);
    let agent = local.desk.groups().members(GroupId(1)).await.unwrap()[0];
    let (is_other, lines) = differs(&local.desk, &file, false, Paint::Plain).await;
    assert!(is_other);
    assert_eq!(
        local.desk.groups().all().await.unwrap().len(),
        1,
        "nothing was changed"
    );
    assert_eq!(
        applied(&local.desk, &file).await,
        format!("{lines}version 1 is in force\n")
    );
    assert!(
        lines.contains("+ trigger Up\n") && lines.contains("+ group Second level\n"),
        "{lines}"
    );
    assert!(
        lines.contains("~ group Support\n") && lines.contains("  + strategy: round_robin\n"),
        "{lines}"
    );
    let groups = local.desk.groups().all().await.unwrap();
    let told: Vec<(u64, &str)> = groups
        .iter()
        .map(|group| (group.id.0, group.name.as_str()))
        .collect();
    assert_eq!(told, [(1, "Support"), (2, "Second level")]);
    assert_eq!(groups[0].assignment.escalates_to, Some(GroupId(2)));
    assert_eq!(local.desk.groups().members(GroupId(1)).await.unwrap(), []);
    assert_eq!(local.desk.groups().members(GroupId(2)).await.unwrap(), [admin]);
    let of_agent = local.desk.people().get(agent).await.unwrap().unwrap();
    assert_eq!(
        of_agent.groups,
        [],
        "who is in no group goes on to work here: {:?}",
        of_agent.role
    );
    let of_admin = local.desk.people().get(admin).await.unwrap().unwrap().groups;
    assert!(of_admin.contains(&GroupId(2)), "{of_admin:?}");
    let setup = local.desk.setup().await.unwrap();
    assert_eq!(
        (setup.default_group, setup.mailboxes[0].group),
        (GroupId(2), Some(GroupId(2)))
    );
    assert!(!differs(&local.desk, &file, false, Paint::Plain).await.0);
    let export = exported(&local.desk).await;
    assert!(
        export.contains("- name: Second level\n  default: true\n  members:\n  - admin@docket.local\n"),
        "{export}"
    );

    // A rule of the desk names the group that would go.
    let without =
        "groups: [{name: Support, default: true}]\nmailboxes: [{address: support@in.docket.local}]\n";
    let error = apply(&local.desk, &folder.file(without), Paint::Plain, &mut Vec::new())
        .await
        .unwrap_err();
    let said = format!("{error:#}");
    assert!(
        said.ends_with("trigger \"Up\" names group 2, which is not there"),
        "{said}"
    );
    assert!(!local.desk.groups().all().await.unwrap()[1].is_archived);
    let said = applied(&local.desk, &folder.file(&format!("{without}triggers: []\n"))).await;
    assert!(said.contains("- group Second level\n"), "{said}");
    let groups = local.desk.groups().all().await.unwrap();
    assert_eq!(
        (groups[0].assignment.escalates_to, groups[1].is_archived),
        (None, true)
    );

    // So does an earlier version; it would send tickets where nobody takes them.
    let back = versions::rollback(&local.desk, 1, Paint::Plain, &mut Vec::new()).await;
    let said = format!("{:#}", back.unwrap_err());
    assert_eq!(
        said,
        "version 1 can't come into force again: trigger \"Up\" names group 2, which is not there"
    );
    assert_eq!(
        local.desk.rules().book().await.unwrap().v,
        2,
        "nothing was changed"
    );
}

#[tokio::test]
async fn mistakes_of_every_section_are_told_together_and_change_none_of_them() {
    let (local, folder) = (desk().await, Folder::new("together"));
    let before = local.desk.setup().await.unwrap();
    let file = folder.file("mailboxes: [{address: help@x.example}]\nchannels: []\ntriggers: [{name: T, actions: [{set_group: X}]}]\n");
    for error in [
        apply(&local.desk, &file, Paint::Plain, &mut Vec::new())
            .await
            .unwrap_err(),
        validate(Some(&local.desk), &file, &mut Vec::new())
            .await
            .unwrap_err(),
    ] {
        let said = error.to_string();
        assert!(said.contains("has 2 mistakes"), "{said}");
        assert!(
            said.contains(":1:23: mailboxes[0].address: ")
                && said.contains(":3:44: triggers[0].actions[0].set_group: "),
            "{said}"
        );
    }
    assert_eq!(*local.desk.setup().await.unwrap(), *before);
    validate(None, &file, &mut Vec::new()).await.unwrap();
}
