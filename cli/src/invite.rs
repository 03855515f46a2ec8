//! `docket invite`: whoever works at a deployed desk gets a mail that says where to sign in. With the desk's own user pool they get an
//! account there first, and the mail is the pool's, since it has their first password.

use crate::target::{Opened, open_stack};
use anyhow::{Context as _, bail};
use docket_desk::Desk;
use docket_domain::{
    outbox::MailResult,
    people::person::{Identity, Person, is_email},
};
use docket_mail::{Mailbox, OutboundMail, OutboxKind};
use std::process::Command;

/// Whom, and to which desk.
#[derive(Debug, clap::Args)]
pub struct InviteArguments {
    /// Name of the deployed stack. Credentials come from the environment or a profile.
    #[arg(long)]
    stack: String,
    /// Mail addresses of those who work there. Make them agents first: docket config apply.
    #[arg(required = true)]
    addresses: Vec<String>,
}

/// What became of an invitation.
#[derive(Debug, PartialEq, Eq)]
pub enum Invited {
    /// The user pool sends a mail with a first password.
    ByUserPool,
    /// They were in the user pool and have signed in there before: nothing was sent.
    HasAccount,
    /// The desk sent a mail.
    ByMail,
    /// Nothing was sent, and why.
    NotSent(String),
}

/// Invites each of them; one that goes wrong keeps nobody else waiting.
pub async fn run(arguments: InviteArguments) -> anyhow::Result<()> {
    let opened = open_stack(&arguments.stack).await?;
    let mut failed = 0;
    for address in &arguments.addresses {
        match invite_address(&opened, address).await {
            Ok(invited) => println!("{}", in_words(address, &invited, &opened)),
            Err(error) => {
                failed += 1;
                eprintln!("{address}: {error:#}");
            }
        }
    }
    if failed > 0 {
        bail!("{failed} of {} were not invited", arguments.addresses.len());
    }
    Ok(())
}

async fn invite_address(opened: &Opened, address: &str) -> anyhow::Result<Invited> {
    let found = opened.desk.people().find(&Identity::email(address)).await?;
    let person = found
        .filter(|person| person.may_work() && person.signs_in_by(address))
        .context("nobody who works at this desk has this address; make them an agent first")?;
    invite(opened, &person, address).await
}

/// Invites somebody who works here, by an address of theirs.
pub async fn invite(opened: &Opened, person: &Person, address: &str) -> anyhow::Result<Invited> {
    if !is_email(address) {
        bail!("{address:?} is no mail address");
    }
    match opened.outputs.get("UserPoolId") {
        Some(pool) => into_user_pool(pool, address),
        None => by_mail(&opened.desk, person, address, &where_to(opened)).await,
    }
}

/// What became of it, and where to sign in.
pub fn in_words(address: &str, invited: &Invited, opened: &Opened) -> String {
    let place = where_to(opened);
    match invited {
        Invited::ByUserPool => format!("{address} is invited by a mail with a first password: {place}"),
        Invited::HasAccount => format!("{address} has an account already: {place}"),
        Invited::ByMail => format!("{address} is invited by a mail: {place}"),
        Invited::NotSent(why) => {
            let why = crate::terminal::visible(why);
            format!("{address} got no mail ({why}); tell them where to sign in: {place}")
        }
    }
}

fn where_to(opened: &Opened) -> String {
    opened
        .outputs
        .get("WorkspaceAddress")
        .cloned()
        .unwrap_or_default()
}

/// Makes an account in the user pool, as the AWS CLI does: whoever deploys with SAM has it. Who never signed in is sent a new
/// password.
fn into_user_pool(pool: &str, address: &str) -> anyhow::Result<Invited> {
    for is_again in [false, true] {
        let made = Command::new("aws")
            .args(account_arguments(pool, address, is_again)?)
            .output()
            .context("the AWS CLI (`aws`) can't be run; it makes the account in the user pool")?;
        if made.status.success() {
            return Ok(Invited::ByUserPool);
        }
        let said = String::from_utf8_lossy(&made.stderr).trim().to_owned();
        match refusal(&said) {
            Refusal::Exists if !is_again => {}
            Refusal::Confirmed | Refusal::Exists => return Ok(Invited::HasAccount),
            Refusal::Other => bail!("the user pool made no account: {said}"),
        }
    }
    Ok(Invited::HasAccount)
}

fn account_arguments(pool: &str, address: &str, is_again: bool) -> anyhow::Result<Vec<String>> {
    let attributes = serde_json::to_string(&serde_json::json!([
        { "Name": "email", "Value": address },
        { "Name": "email_verified", "Value": "true" },
    ]))?;
    let mut arguments = vec![
        "cognito-idp".to_owned(),
        "admin-create-user".to_owned(),
        "--output=json".to_owned(),
        format!("--user-pool-id={pool}"),
        format!("--username={address}"),
        format!("--user-attributes={attributes}"),
        "--desired-delivery-mediums=EMAIL".to_owned(),
    ];
    if is_again {
        arguments.push("--message-action=RESEND".to_owned());
    }
    Ok(arguments)
}

#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    /// There is an account of this name.
    Exists,
    /// Whoever has it has chosen a password of their own.
    Confirmed,
    Other,
}

/// What the user pool said no with (Cognito API, AdminCreateUser, looked up 2026-11).
fn refusal(said: &str) -> Refusal {
    if said.contains("UsernameExistsException") {
        Refusal::Exists
    } else if said.contains("UnsupportedUserStateException") {
        Refusal::Confirmed
    } else {
        Refusal::Other
    }
}

/// Sends the desk's own mail.
async fn by_mail(desk: &Desk, person: &Person, address: &str, place: &str) -> anyhow::Result<Invited> {
    let setup = desk.setup().await?;
    let Some(mailbox) = setup
        .mailboxes
        .first()
        .filter(|_| !desk.settings.mail_domain.is_empty())
    else {
        return Ok(Invited::NotSent("the desk has no mail domain".to_owned()));
    };
    let mail = invitation(desk, (&mailbox.address, &mailbox.name), person, (address, place));
    let raw = docket_mail::render(&mail)?;
    let sent = desk
        .mail()
        .send_untracked(&mailbox.address, &[address.to_owned()], raw)
        .await;
    Ok(match sent {
        MailResult::Accepted(_) => Invited::ByMail,
        MailResult::NotAccepted(why) | MailResult::Refused(why) | MailResult::Unknown(why) => {
            Invited::NotSent(why.chars().take(200).collect())
        }
    })
}

fn invitation(
    desk: &Desk,
    (mailbox, mailbox_name): (&str, &str),
    person: &Person,
    (address, place): (&str, &str),
) -> OutboundMail {
    let brand = &desk.settings.brand_name;
    let named = |address: &str, name: &str| Mailbox {
        address: address.to_owned(),
        name: Some(name.to_owned()),
    };
    let id = desk.unguessable();
    OutboundMail {
        from: named(mailbox, mailbox_name),
        to: vec![named(address, &person.name)],
        cc: vec![],
        reply_to: None,
        subject: format!("You can work at {brand}"),
        date: desk.now(),
        message_id: format!("{}@{}", &id[..20], desk.settings.mail_domain),
        in_reply_to: None,
        references: vec![],
        kind: OutboxKind::AutoGenerated,
        outbox: "invitation".to_owned(),
        text: format!(
            "Hello {},\n\nyou can work at {brand} now. Sign in with the account that has this address:\n\n{place}\n",
            person.name
        ),
        html: None,
        attachments: vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_local::{LocalDesk, Options};
    use embedded_aws::{Clock, Storage};
    use std::collections::HashMap;

    const PLACE: &str = "https://desk.example/agent";

    async fn opened() -> (LocalDesk, Opened) {
        let local = LocalDesk::open(Options::new(Storage::Memory, Clock::wall()))
            .await
            .unwrap();
        let outputs = HashMap::from([("WorkspaceAddress".to_owned(), PLACE.to_owned())]);
        let opened = Opened {
            desk: local.desk.clone(),
            outputs,
        };
        (local, opened)
    }

    #[tokio::test]
    async fn whoever_signs_in_elsewhere_gets_a_mail_that_says_where_to() {
        let (local, opened) = opened().await;
        let invited = invite_address(&opened, "anna@docket.local").await.unwrap();
        assert_eq!(invited, Invited::ByMail);
        let sent = local.aws.sent_mails();
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].destinations, ["anna@docket.local"]);
        let mail = docket_mail::read(&sent[0].as_received, None).unwrap();
        assert_eq!(mail.subject, "You can work at Docket");
        assert!(
            mail.text.contains("Hello Anna Agent,") && mail.text.contains(PLACE),
            "{}",
            mail.text
        );
    }

    #[tokio::test]
    async fn nobody_else_is_invited() {
        let (local, opened) = opened().await;
        for address in ["nobody@example.org", "", "--profile=x"] {
            assert!(invite_address(&opened, address).await.is_err(), "{address}");
        }
        assert_eq!(local.aws.sent_count(), 0);
    }

    #[tokio::test]
    async fn a_mail_that_can_not_be_sent_is_no_reason_to_stop() {
        let (local, mut opened) = opened().await;
        let mut settings = opened.desk.settings.clone();
        settings.mail_domain = String::new();
        opened.desk = Desk::new(
            settings,
            docket_store::Clients::new(&local.aws.config("test")),
            std::sync::Arc::new(docket_store::ports::SystemClock),
            std::sync::Arc::new(docket_store::ports::SystemEntropy),
        );
        let invited = invite_address(&opened, "anna@docket.local").await.unwrap();
        let words = in_words("anna@docket.local", &invited, &opened);
        assert_eq!(
            words,
            format!(
                "anna@docket.local got no mail (the desk has no mail domain); tell them where to sign in: {PLACE}"
            )
        );
    }

    #[test]
    fn an_account_is_asked_for_with_an_address_that_counts_as_theirs() {
        let asked = account_arguments("us-east-1_a", "a,b@x.example", true).unwrap();
        assert!(asked.contains(&"--username=a,b@x.example".to_owned()));
        let attributes = r#"--user-attributes=[{"Name":"email","Value":"a,b@x.example"},{"Name":"email_verified","Value":"true"}]"#;
        assert!(asked.contains(&attributes.to_owned()), "{asked:?}");
        assert_eq!(asked.last().unwrap(), "--message-action=RESEND");
        let said = "An error occurred (UsernameExistsException) when calling the AdminCreateUser operation";
        assert_eq!(refusal(said), Refusal::Exists);
        assert_eq!(refusal("(UnsupportedUserStateException)"), Refusal::Confirmed);
        assert_eq!(refusal("(NotAuthorizedException)"), Refusal::Other);
    }
}
