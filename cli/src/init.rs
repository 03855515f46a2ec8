//! `docket init`: the first use of a desk.

use anyhow::{Context as _, bail};
use docket_aws::{
    Clients, Desk, Settings,
    clients::cloud_config,
    ports::{SystemClock, SystemEntropy},
    seed::Start,
};
use docket_domain::configuration::Mailbox;
use docket_local::{LocalDesk, Options};
use embedded_aws::{Clock, Storage};
use std::{collections::HashMap, path::PathBuf, process::Command, sync::Arc};

/// Which desk, and what it starts with.
#[derive(Debug, clap::Args)]
pub struct InitArguments {
    /// Name of the deployed stack. Credentials come from the environment or a profile.
    #[arg(long, required_unless_present = "local", conflicts_with = "local")]
    stack: Option<String>,
    /// A desk on this machine.
    #[arg(long)]
    local: bool,
    /// Folder of a desk on this machine.
    #[arg(long, default_value = ".docket")]
    data: PathBuf,
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
    let shown = match &arguments.stack {
        None => {
            let options = Options::new(Storage::Dir(arguments.data.clone()), Clock::wall());
            LocalDesk::open(options)
                .await
                .context("the desk can't be opened")?
                .shown
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
    Ok(())
}

async fn init_stack(
    stack: &str,
    arguments: &InitArguments,
) -> anyhow::Result<Option<docket_aws::seed::Shown>> {
    let config = cloud_config().await;
    let outputs = stack_outputs(stack)?;
    let output = |name: &str| outputs.get(name).cloned();
    let region = config.region().map(|region| region.as_ref().to_owned());
    let settings = Settings::from_lookup(|name| match name {
        "DOCKET_TENANT" => Some("main".to_owned()),
        "AWS_REGION" => region.clone(),
        "TICKETS_TABLE" => output("TicketsTable"),
        "GUARD_TABLE" => output("GuardTable"),
        "BUCKET" => output("Bucket"),
        "SECRETS_PREFIX" => output("SecretsPrefix"),
        "MAIL_DOMAIN" => output("MailDomain"),
        // First use sends nothing to a queue.
        name if name.ends_with("_QUEUE") => Some("none".to_owned()),
        _ => None,
    })
    .with_context(|| format!("stack {stack} lacks an output"))?;
    let mailbox = match (&arguments.mailbox, settings.mail_domain.as_str()) {
        (Some(address), _) => address.to_lowercase(),
        (None, "") => bail!("the stack has no mail domain: give the first mailbox with --mailbox"),
        (None, domain) => format!("support@{domain}"),
    };
    let admin = arguments.admin.clone().context("--admin is missing")?;
    let start = Start {
        admin: (admin, arguments.name.clone()),
        agents: vec![],
        mailbox: Mailbox {
            address: mailbox,
            name: "Support".to_owned(),
        },
    };
    let desk = Desk::new(
        settings,
        Clients::new(&config),
        Arc::new(SystemClock),
        Arc::new(SystemEntropy),
    );
    Ok(desk.set_up(&start).await?)
}

/// The outputs of a stack, as the AWS CLI reads them: whoever deploys with SAM has it.
fn stack_outputs(stack: &str) -> anyhow::Result<HashMap<String, String>> {
    let read = Command::new("aws")
        .args([
            "cloudformation",
            "describe-stacks",
            "--output",
            "json",
            "--stack-name",
            stack,
        ])
        .output()
        .context("the AWS CLI (`aws`) can't be run; it reads the outputs of the stack")?;
    if !read.status.success() {
        bail!(
            "stack {stack} can't be read: {}",
            String::from_utf8_lossy(&read.stderr).trim()
        );
    }
    let stacks: serde_json::Value = serde_json::from_slice(&read.stdout).context("the AWS CLI's answer")?;
    let outputs = stacks["Stacks"][0]["Outputs"].as_array();
    let pair = |output: &serde_json::Value| {
        Some((
            output["OutputKey"].as_str()?.to_owned(),
            output["OutputValue"].as_str()?.to_owned(),
        ))
    };
    Ok(outputs.into_iter().flatten().filter_map(pair).collect())
}
