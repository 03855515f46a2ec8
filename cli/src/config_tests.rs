//! Against the embedded AWS: files that are checked, compared, put in force and taken back.

use super::*;
use clap::Parser as _;
use docket_desk::Desk;
use docket_local::{LocalDesk, Options};
use embedded_aws::{Call, Clock, Fault, Storage};
use std::{path::Path, sync::Arc};

async fn desk() -> LocalDesk {
    let clock = Clock::manual("2026-03-02T09:00:00Z".parse().unwrap());
    LocalDesk::open(Options::new(Storage::Memory, clock))
        .await
        .unwrap()
}

/// A folder of its own, gone with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("docket-config-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn file(&self, text: &str) -> ConfigFile {
        let path = self.0.join("docket.yaml");
        std::fs::write(&path, text).unwrap();
        ConfigFile::read(&path).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn applied(desk: &Desk, file: &ConfigFile) -> String {
    let mut out = Vec::new();
    apply(desk, file, Paint::Plain, &mut out).await.unwrap();
    String::from_utf8(out).unwrap()
}

async fn differs(desk: &Desk, file: &ConfigFile, json: bool, paint: Paint) -> (bool, String) {
    let mut out = Vec::new();
    let differs = diff(desk, file, json, paint, &mut out).await.unwrap();
    (differs, String::from_utf8(out).unwrap())
}

async fn exported(desk: &Desk) -> String {
    let mut out = Vec::new();
    export(desk, &mut out).await.unwrap();
    String::from_utf8(out).unwrap()
}

async fn listed(desk: &Desk) -> String {
    let mut out = Vec::new();
    versions::history(desk, 20, &mut out).await.unwrap();
    String::from_utf8(out).unwrap()
}

const ONE: &str = "sla_policies:\n  - name: Gold\n    when: '\"gold\" in ticket.tags'\n    targets: {first_reply: {within: 1h}}\n";
const TWO: &str = "sla_policies:\n  - name: Gold\n    when: '\"gold\" in ticket.tags'\n    targets: {first_reply: {within: 2h}}\n\
                   \x20 - name: Others\ntimers: {solve_after: 7d}\n";

#[tokio::test]
async fn a_file_is_put_in_force_once() {
    let (local, folder) = (desk().await, Folder::new("once"));
    let file = folder.file(ONE);
    assert_eq!(
        applied(&local.desk, &file).await,
        "+ policy Gold\nversion 1 is in force\n"
    );
    assert_eq!(local.desk.rules().book().await.unwrap().policies[0].title, "Gold");
    assert_eq!(
        applied(&local.desk, &file).await,
        "nothing was changed: version 1 says the same\n"
    );
    assert_eq!(local.desk.rules().versions(9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_would_change_is_told_before_and_nothing_after() {
    let (local, folder) = (desk().await, Folder::new("diff"));
    applied(&local.desk, &folder.file(ONE)).await;
    let file = folder.file(TWO);
    let lines = "+ policy Others\n~ timers\n  ~ solve_after: never → 7d\n";
    let lines = format!("~ policy Gold\n  ~ targets.first_reply.within: 1h → 2h\n{lines}");
    assert_eq!(
        differs(&local.desk, &file, false, Paint::Plain).await,
        (true, lines.clone())
    );
    assert_eq!(
        local.desk.rules().book().await.unwrap().v,
        1,
        "nothing was changed"
    );
    assert_eq!(
        applied(&local.desk, &file).await,
        format!("{lines}version 2 is in force\n")
    );
    let same = "nothing would change: version 2 says the same\n".to_owned();
    assert_eq!(
        differs(&local.desk, &file, false, Paint::Plain).await,
        (false, same)
    );
}

#[tokio::test]
async fn what_would_change_is_told_to_programs_and_in_colours() {
    let (local, folder) = (desk().await, Folder::new("json"));
    let (is_other, json) = differs(&local.desk, &folder.file(ONE), true, Paint::Plain).await;
    let expected = serde_json::json!({
        "version": 0,
        "changes": [{ "section": "sla_policy", "name": "Gold", "kind": "added" }],
        "notes": [],
    });
    assert_eq!(
        (
            is_other,
            serde_json::from_str::<serde_json::Value>(&json).unwrap()
        ),
        (true, expected)
    );
    let (_, coloured) = differs(&local.desk, &folder.file(ONE), false, Paint::Coloured).await;
    assert_eq!(coloured, "\x1b[32m+ policy Gold\x1b[0m\n");
}

#[tokio::test]
async fn a_broken_file_changes_nothing_and_every_mistake_is_shown_with_its_line() {
    let (local, folder) = (desk().await, Folder::new("broken"));
    let file = folder.file(
        "sla_policies:\n  - name: Gold\n    hours: office\n  - name: Silver\n    when: ticket.prioriti == \"high\"\n",
    );
    let error = apply(&local.desk, &file, Paint::Plain, &mut Vec::new())
        .await
        .unwrap_err();
    let name = file.shown();
    let expected = format!(
        "{name} has 2 mistakes; nothing was changed\n\
         {name}:3:12: sla_policies[0].hours: no calendar is called \"office\"; there are: round_the_clock\n  \
         3 |     hours: office\n    |            ^\n\
         {name}:5:18: sla_policies[1].when: `ticket` has no field `prioriti`; did you mean `priority`?\n  \
         5 |     when: ticket.prioriti == \"high\"\n    |                  ^"
    );
    assert_eq!(error.to_string(), expected);
    assert_eq!(local.desk.rules().book().await.unwrap().v, 0);
    assert_eq!(local.desk.rules().versions(9).await.unwrap(), []);
}

#[tokio::test]
async fn a_file_that_can_not_be_written_whole_is_not_written_at_all() {
    let (local, folder) = (desk().await, Folder::new("whole"));
    local.aws.set_fault_plan(Some(Arc::new(|call: &Call| {
        if call.operation == "TransactWriteItems" {
            Fault::FailBefore(400)
        } else {
            Fault::None
        }
    })));
    assert!(
        apply(&local.desk, &folder.file(TWO), Paint::Plain, &mut Vec::new())
            .await
            .is_err()
    );
    local.aws.set_fault_plan(None);
    assert_eq!(local.desk.rules().versions(9).await.unwrap(), []);
    assert_eq!(local.desk.rules().book().await.unwrap().policies, []);
}

#[tokio::test]
async fn groups_and_agents_must_be_on_the_desk_where_one_is_named() {
    let (local, folder) = (desk().await, Folder::new("names"));
    let policy = |action: &str| {
        format!(
            "sla_policies: [{{name: A, targets: {{resolution: {{within: 1h, escalations: [{{actions: [{action}]}}]}}}}}}]\n"
        )
    };
    for (action, says) in [
        (
            "{move_to_group: Suport}",
            "the desk has no group \"Suport\"; did you mean `Support`?",
        ),
        (
            "{notify: {agent: eve@x.example}}",
            "the desk has no agent with the address \"eve@x.example\"",
        ),
    ] {
        let file = folder.file(&policy(action));
        let error = validate(Some(&local.desk), &file, &mut Vec::new())
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains(says), "{error}");
        assert!(
            apply(&local.desk, &file, Paint::Plain, &mut Vec::new())
                .await
                .is_err()
        );
        validate(None, &file, &mut Vec::new()).await.unwrap();
    }
    let file = folder.file(&policy(
        "{move_to_group: Support}, {notify: {agent: Admin@docket.local}}",
    ));
    assert_eq!(
        applied(&local.desk, &file).await,
        "+ policy A\nversion 1 is in force\n"
    );
}

#[tokio::test]
async fn a_customer_is_no_agent() {
    let (local, folder) = (desk().await, Folder::new("customer"));
    let identity = docket_domain::people::person::Identity::email("eve@x.example");
    let made = local
        .desk
        .people()
        .find_or_make(vec![identity], "Eve", None, &local.desk.by_system("a test"))
        .await;
    let (_, writes) = made.unwrap();
    local.desk.commit_writes(vec![], writes).await.unwrap();
    let file = folder.file(
        "sla_policies: [{name: A, targets: {resolution: {within: 1h, escalations: [{actions: [{notify: {agent: \
         eve@x.example}}]}]}}}]\n",
    );
    let error = apply(&local.desk, &file, Paint::Plain, &mut Vec::new())
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("the desk has no agent with the address"),
        "{error}"
    );
}

/// The example has everything that can stand in a file.
#[tokio::test]
async fn what_is_exported_makes_the_same_of_an_empty_desk() {
    let (first, second, folder) = (desk().await, desk().await, Folder::new("export"));
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let example = ConfigFile::read(&docs.join("docket.example.yaml")).unwrap();
    let said = applied(&first.desk, &example).await;
    assert!(said.contains("holidays.example.ics has 2 holidays\n"), "{said}");
    let file = folder.file(&exported(&first.desk).await);
    applied(&second.desk, &file).await;
    assert_eq!(exported(&second.desk).await, exported(&first.desk).await);
    let (is_other, _) = differs(&first.desk, &file, false, Paint::Plain).await;
    assert!(!is_other, "an export says what is in force");
    let (is_other, told) = differs(&first.desk, &example, false, Paint::Plain).await;
    assert!(!is_other, "what was applied stands: {told}");
}

#[tokio::test]
async fn an_earlier_version_comes_into_force_again_as_a_new_one() {
    let (local, folder) = (desk().await, Folder::new("back"));
    assert_eq!(listed(&local.desk).await, "nothing was configured yet\n");
    applied(&local.desk, &folder.file(ONE)).await;
    let first = exported(&local.desk).await;
    local.aws.clock().advance("PT1H".parse().unwrap());
    applied(&local.desk, &folder.file(TWO)).await;
    let mut out = Vec::new();
    versions::rollback(&local.desk, 1, Paint::Plain, &mut out)
        .await
        .unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "~ policy Gold\n  ~ targets.first_reply.within: 2h → 1h\n- policy Others\n~ timers\n  ~ solve_after: 7d → never\n\
         version 3 is in force\n"
    );
    assert_eq!(exported(&local.desk).await, first);
    assert_eq!(
        listed(&local.desk).await,
        "version 3    2026-03-02 10:00:00 UTC  1 policy, 0 calendars, 0 rules  (in force)\n\
         version 2    2026-03-02 10:00:00 UTC  2 policies, 0 calendars, 0 rules\n\
         version 1    2026-03-02 09:00:00 UTC  1 policy, 0 calendars, 0 rules\n"
    );
    let mut out = Vec::new();
    versions::rollback(&local.desk, 1, Paint::Plain, &mut out)
        .await
        .unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "nothing was changed: version 3 says the same\n"
    );
}

#[tokio::test]
async fn version_0_is_what_held_before_anything_was_configured() {
    let (local, folder) = (desk().await, Folder::new("zero"));
    applied(&local.desk, &folder.file(TWO)).await;
    versions::rollback(&local.desk, 0, Paint::Plain, &mut Vec::new())
        .await
        .unwrap();
    let book = local.desk.rules().book().await.unwrap();
    assert_eq!(
        (book.v, &book.policies[..], book.timers),
        (2, &[][..], Default::default())
    );
}

const RULES: &str = "triggers:\n  - {name: Tag, actions: [{add_tags: [seen]}]}\n  - {name: Tell, actions: [{add_note: {template: hello}}]}\n\
                     templates: {hello: {texts: {en: Hello}}}\n";
const OTHER_RULES: &str = "triggers:\n  - {name: Tell, actions: [{add_note: {template: hello}}], when: ticket.status == \"open\"}\n  \
                           - {name: Tag, actions: [{add_tags: [seen]}]}\nmacros: [{name: Take, actions: [assign_to_me]}]\n";

#[tokio::test]
async fn rules_come_into_force_and_go_back_with_their_version() {
    let (local, folder) = (desk().await, Folder::new("rules"));
    applied(&local.desk, &folder.file(ONE)).await;
    assert_eq!(
        applied(&local.desk, &folder.file(RULES)).await,
        "+ trigger Tag\n+ trigger Tell\n+ template hello\nversion 2 is in force\n"
    );
    let (first, rules) = (
        exported(&local.desk).await,
        local.desk.rules().book().await.unwrap().rules.clone(),
    );
    let other = folder.file(OTHER_RULES);
    let lines = "~ trigger Tell\n  + when: ticket.status == \"open\"\n  ~ place: 2 → 1\n~ trigger Tag\n  ~ place: 1 → 2\n+ macro Take\n";
    assert_eq!(
        differs(&local.desk, &other, false, Paint::Plain).await,
        (true, lines.to_owned())
    );
    assert_eq!(
        applied(&local.desk, &other).await,
        format!("{lines}version 3 is in force\n")
    );
    assert!(!differs(&local.desk, &other, false, Paint::Plain).await.0);
    let mut out = Vec::new();
    versions::rollback(&local.desk, 2, Paint::Plain, &mut out)
        .await
        .unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "~ trigger Tell\n  - when: ticket.status == \"open\"\n  ~ place: 1 → 2\n~ trigger Tag\n  ~ place: 2 → 1\n- macro Take\n\
         version 4 is in force\n"
    );
    assert_eq!(exported(&local.desk).await, first);
    let back = local.desk.rules().book().await.unwrap().rules.clone();
    assert_eq!((&back.rules, &back.templates), (&rules.rules, &rules.templates));
    assert_eq!(back.last_rule_id, 3, "no number is given twice");
    assert_eq!(
        listed(&local.desk).await,
        "version 4    2026-03-02 09:00:00 UTC  1 policy, 0 calendars, 2 rules  (in force)\n\
         version 3    2026-03-02 09:00:00 UTC  1 policy, 0 calendars, 3 rules\n\
         version 2    2026-03-02 09:00:00 UTC  1 policy, 0 calendars, 2 rules\n\
         version 1    2026-03-02 09:00:00 UTC  1 policy, 0 calendars, 0 rules\n"
    );
}

#[tokio::test]
async fn a_broken_rule_changes_nothing_of_a_file_that_is_right_otherwise() {
    let (local, folder) = (desk().await, Folder::new("broken-rules"));
    applied(&local.desk, &folder.file(RULES)).await;
    let file = folder.file(&format!(
        "{TWO}{RULES}macros: [{{name: Take, actions: [{{set_group: Suport}}]}}]\n"
    ));
    let error = apply(&local.desk, &file, Paint::Plain, &mut Vec::new())
        .await
        .unwrap_err();
    let name = file.shown();
    assert_eq!(
        error.to_string().lines().take(2).collect::<Vec<_>>(),
        [
            format!("{name} has a mistake; nothing was changed"),
            format!(
                "{name}:11:45: macros[0].actions[0].set_group: the desk has no group \"Suport\"; did you mean `Support`?"
            ),
        ]
    );
    let book = local.desk.rules().book().await.unwrap();
    assert_eq!((book.v, book.rules.rules.len(), book.policies.len()), (1, 2, 0));
}

#[tokio::test]
async fn a_version_that_never_was_is_said() {
    let local = desk().await;
    let error = versions::rollback(&local.desk, 7, Paint::Plain, &mut Vec::new())
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no version 7; `docket config history` lists them"
    );
}

#[tokio::test]
async fn holidays_are_imported_from_beside_the_file_and_from_nowhere_else() {
    let (local, folder) = (desk().await, Folder::new("import"));
    let event = "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261224\r\nSUMMARY:Eve\r\nEND:VEVENT\r\n";
    let feed = format!("BEGIN:VCALENDAR\r\n{event}END:VCALENDAR\r\n");
    std::fs::create_dir_all(folder.0.join("feeds")).unwrap();
    std::fs::write(folder.0.join("feeds/own.ics"), &feed).unwrap();
    std::fs::write(folder.0.with_extension("ics"), &feed).unwrap();
    let calendar = |import: &str| {
        format!(
            "calendars: {{office: {{zone: UTC, hours: {{mon: '09:00-17:00'}}, holidays: [{{import: {import}}}]}}}}\n"
        )
    };
    let beside = folder.0.with_extension("ics");
    let outside = format!("../{}", beside.file_name().unwrap().to_str().unwrap());
    for refused in [outside.as_str(), beside.to_str().unwrap(), "''"] {
        let file = folder.file(&calendar(refused));
        let error = apply(&local.desk, &file, Paint::Plain, &mut Vec::new())
            .await
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("it must be a path below the folder of this file"),
            "{error}"
        );
    }
    std::fs::remove_file(beside).unwrap();
    let missing = folder.file(&calendar("other.ics"));
    let error = validate(None, &missing, &mut Vec::new())
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("\"other.ics\" can't be imported: No such file"),
        "{error}"
    );
    let said = applied(&local.desk, &folder.file(&calendar("feeds/own.ics"))).await;
    assert_eq!(
        said,
        "note: calendars.office.holidays[0].import: feeds/own.ics has 1 holiday\n+ calendar office\nversion 1 is in force\n"
    );
    assert_eq!(
        local.desk.rules().book().await.unwrap().calendars[0]
            .draft()
            .holidays[0]
            .name,
        "Eve"
    );
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = ConfigFile::read(Path::new("nowhere/docket.yaml")).unwrap_err();
    assert_eq!(error.to_string(), "nowhere/docket.yaml can't be read");
}

#[test]
fn a_check_needs_no_desk_and_all_else_does() {
    let understood = |arguments: &str| crate::Arguments::try_parse_from(arguments.split(' ')).is_ok();
    assert!(understood("docket config validate"));
    assert!(understood("docket config validate other.yaml --stack docket"));
    assert!(understood("docket config validate --local --data elsewhere"));
    assert!(!understood("docket config validate --stack docket --local"));
    for command in [
        "diff",
        "diff --json other.yaml",
        "apply",
        "export",
        "history --limit 5",
        "rollback 3",
    ] {
        assert!(
            understood(&format!("docket config {command} --local")),
            "{command}"
        );
        assert!(
            understood(&format!("docket config {command} --stack docket")),
            "{command}"
        );
        assert!(!understood(&format!("docket config {command}")), "{command}");
    }
    assert!(!understood("docket config history --limit 0 --local"));
}

#[path = "config_setup_tests.rs"]
mod setup;

#[path = "config_agents_tests.rs"]
mod agents;
