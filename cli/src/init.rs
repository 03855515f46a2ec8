//! `docket init`: the first use of a desk.

use crate::{
    invite,
    target::{Opened, Target, open_stack},
};
use anyhow::{Context as _, bail};
use docket_desk::seed::{Shown, Start};
use docket_domain::{configuration::Mailbox, people::person::is_email};
use docket_local::{LocalDesk, Options};
use embedded_aws::{Clock, Storage};

/// Which desk, and what it starts with.
#[derive(Debug, clap::Args)]
pub struct InitArguments {
    #[command(flatten)]
    target: Target,
    /// Mail address of the first admin, who is the first agent, too.
    #[arg(long, required_if_eq("local", "false"))]
    admin: Option<String>,
    /// Name of the first admin.
    #[arg(long, default_value = "Admin")]
    name: String,
    /// The first mailbox; without it, `support@` the stack's mail domain.
    #[arg(long)]
    mailbox: Option<String>,
}

/// Sets a desk up and shows its secrets once.
pub async fn run(arguments: InitArguments) -> anyhow::Result<()> {
    let (shown, invited) = match &arguments.target.stack {
        None => {
            let options = Options::new(Storage::Dir(arguments.target.data.clone()), Clock::wall());
            let local = LocalDesk::open(options).await;
            (local.context("the desk can't be opened")?.shown, None)
        }
        Some(stack) => init_stack(stack, &arguments).await?,
    };
    let Some(shown) = shown else {
        println!("The desk was set up before; nothing was changed.");
        return Ok(());
    };
    println!("The desk is set up. These are shown once; keep them:");
    println!("  API token                 {}", shown.api_token.expose());
    println!("  secret of channel bot     {}", shown.channel_secret.expose());
    println!("  secret of webhooks        {}", shown.webhook_secret.expose());
    if let Some(invited) = invited {
        println!("{invited}");
    }
    Ok(())
}

async fn init_stack(
    stack: &str,
    arguments: &InitArguments,
) -> anyhow::Result<(Option<Shown>, Option<String>)> {
    let opened = open_stack(stack).await?;
    let desk = &opened.desk;
    let mailbox = match (&arguments.mailbox, desk.settings.mail_domain.as_str()) {
        (Some(address), _) => address.to_lowercase(),
        (None, "") => bail!("the stack has no mail domain: give the first mailbox with --mailbox"),
        (None, domain) => format!("support@{domain}"),
    };
    let admin = arguments.admin.clone().context("--admin is missing")?;
    // A desk is set up once, and nobody could sign in to this one.
    for address in [&admin, &mailbox] {
        if !is_email(address) {
            bail!("{address:?} is no mail address; nothing was set up");
        }
    }
    let start = Start {
        admin: (admin.clone(), arguments.name.clone()),
        agents: vec![],
        mailbox: Mailbox {
            address: mailbox,
            name: "Support".to_owned(),
            ..Mailbox::default()
        },
    };
    let Some(shown) = desk.set_up(&start).await? else {
        return Ok((None, None));
    };
    let invited = invite_admin(&opened, &shown, &admin).await;
    Ok((Some(shown), Some(invited)))
}

/// Tells the first admin where to sign in. The desk is set up, and its secrets are shown, whatever becomes of that.
async fn invite_admin(opened: &Opened, shown: &Shown, address: &str) -> String {
    let invited = async {
        let person = opened.desk.people().get(shown.admin).await?;
        let person = person.context("the admin is not there")?;
        invite::invite(opened, &person, address).await
    };
    match invited.await {
        Ok(invited) => invite::in_words(address, &invited, opened),
        Err(error) => format!("{address} is not invited yet ({error:#}). Try again: docket invite"),
    }
}
