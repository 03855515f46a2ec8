//! `docket local`.

use anyhow::Context as _;
use docket_desk::{Secret, SignInSettings};
use docket_local::{LocalDesk, Options, private_files, server::Server, smtp::SmtpServer, stack};
use embedded_aws::{Clock, Storage};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// How the desk is run.
#[derive(Debug, clap::Args)]
pub struct LocalArguments {
    /// Port of the loopback address to listen on; 0 for any.
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Take mail over SMTP, too, on this port of the loopback address; 0 for any.
    #[arg(long, value_name = "PORT")]
    smtp: Option<u16>,
    /// Folder that keeps everything, or `:memory:` to keep nothing.
    #[arg(long, default_value = ".docket")]
    data: String,
    /// The API token to accept; otherwise one is made and kept in the folder.
    #[arg(long, env = "DOCKET_LOCAL_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// The secret of channel `bot` (whsec_...); otherwise one is made and kept in the folder.
    #[arg(long, env = "DOCKET_LOCAL_HOOK_SECRET", hide_env_values = true)]
    hook_secret: Option<String>,
    /// The OpenID Connect provider at which agents sign in, exactly as it names itself; without it the people of the desk are listed.
    #[arg(long, value_name = "ADDRESS", requires = "oidc_client_id")]
    oidc_issuer: Option<String>,
    /// The name by which the provider knows the desk.
    #[arg(long, value_name = "NAME", requires = "oidc_issuer")]
    oidc_client_id: Option<String>,
    /// A file with the secret that goes with it. It is kept in the folder from then on.
    #[arg(
        long,
        value_name = "FILE",
        requires = "oidc_issuer",
        conflicts_with = "oidc_secret"
    )]
    oidc_secret_file: Option<PathBuf>,
    /// The same from the environment.
    #[arg(
        long = "oidc-secret",
        env = "DOCKET_OIDC_SECRET",
        hide = true,
        hide_env_values = true
    )]
    oidc_secret: Option<String>,
    /// Believe the provider's mail addresses even where it does not say that they are verified.
    #[arg(long, requires = "oidc_issuer")]
    oidc_trust_addresses: bool,
}

impl LocalArguments {
    /// The provider, if one is given.
    fn sign_in(&self) -> Option<SignInSettings> {
        Some(SignInSettings {
            issuer: self.oidc_issuer.clone()?,
            client_id: self.oidc_client_id.clone()?,
            trusts_addresses: self.oidc_trust_addresses,
        })
    }

    fn sign_in_secret(&self) -> anyhow::Result<Option<Secret>> {
        let Some(path) = &self.oidc_secret_file else {
            return Ok(self.oidc_secret.clone().map(Secret::new));
        };
        let text =
            std::fs::read_to_string(path).with_context(|| format!("{} can't be read", path.display()))?;
        Ok(Some(Secret::new(text.trim())))
    }
}

/// What a desk of one's own is reached with, kept beside its data.
#[derive(Serialize, Deserialize)]
struct Credentials {
    token: String,
    hook_secret: String,
}

/// Runs the desk until it is stopped.
pub async fn run(arguments: LocalArguments) -> anyhow::Result<()> {
    let folder = (arguments.data != ":memory:").then(|| PathBuf::from(&arguments.data));
    let storage = folder.clone().map_or(Storage::Memory, Storage::Dir);
    let options = Options {
        api_token: arguments.token.clone().map(Secret::new),
        hook_secret: arguments.hook_secret.clone().map(Secret::new),
        sign_in: arguments.sign_in(),
        sign_in_secret: arguments.sign_in_secret()?,
        ..Options::new(storage, Clock::wall())
    };
    let local = LocalDesk::open(options)
        .await
        .context("the desk can't be opened")?;
    let credentials = credentials(folder.as_deref(), &arguments, &local).await?;
    let server = Server::start(&local, arguments.port).await?;
    let address = server.address().context("the server has no address")?;
    let smtp = match arguments.smtp {
        Some(port) => Some(SmtpServer::start(&local, port).await?),
        None => None,
    };
    println!("Docket listens on http://{address}");
    println!();
    let how = match &arguments.oidc_issuer {
        Some(issuer) => format!(
            "sign in at {issuer}, which sends browsers back to http://{address}/agent/sign-in/callback"
        ),
        None => "sign in as any of the people shown".to_owned(),
    };
    println!("  agents      http://{address}/agent      ({how})");
    println!(
        "  API         http://{address}/api/v2/    user {}/token:{}",
        stack::LOCAL_ADMIN,
        credentials.token
    );
    println!(
        "  webhooks    http://{address}/hooks/bot  secret {}",
        credentials.hook_secret
    );
    println!(
        "  mail in     POST http://{address}/_local/mail   to {}",
        stack::LOCAL_MAILBOX
    );
    if let Some(smtp) = smtp {
        let address = smtp.address().context("the SMTP server has no address")?;
        println!("              smtp://{address}");
        tokio::spawn(smtp.serve());
    }
    println!("  mail out    http://{address}/_local/");
    println!();
    match &folder {
        Some(folder) => println!(
            "Everything is kept in {}. Stop with Ctrl-C, or any other way.",
            folder.display()
        ),
        None => println!("Nothing is kept. Stop with Ctrl-C."),
    }
    tokio::select! {
        served = server.serve() => Ok(served?),
        _ = tokio::signal::ctrl_c() => Ok(()),
    }
}

/// What is in force now: what was given, else what was kept, else what was made on first use.
async fn credentials(
    folder: Option<&Path>,
    arguments: &LocalArguments,
    local: &LocalDesk,
) -> anyhow::Result<Credentials> {
    let path = folder.map(|folder| folder.join("credentials.json"));
    let kept: Option<Credentials> = match &path {
        Some(path) => std::fs::read(path)
            .ok()
            .and_then(|json| serde_json::from_slice(&json).ok()),
        None => None,
    };
    let shown = local.shown.as_ref();
    let token = arguments
        .token
        .clone()
        .or(kept.as_ref().map(|kept| kept.token.clone()));
    let secret = arguments
        .hook_secret
        .clone()
        .or(kept.map(|kept| kept.hook_secret));
    let token = match token.or(shown.map(|shown| shown.api_token.expose().to_owned())) {
        Some(token) => token,
        None => local.desk.unguessable(),
    };
    // Putting a token again changes nothing, and mends a first start that was killed before it was kept.
    local
        .desk
        .put_api_token(
            docket_domain::PersonId(1),
            &Secret::new(token.clone()),
            "of this machine",
        )
        .await?;
    let hook_secret = match secret.or(shown.map(|shown| shown.channel_secret.expose().to_owned())) {
        Some(secret) => secret,
        None => {
            let secrets = local.desk.channel_secrets(docket_desk::seed::BOT_CHANNEL).await?;
            secrets
                .first()
                .map(|secret| secret.expose().to_owned())
                .context("channel bot has no secret")?
        }
    };
    local
        .desk
        .put_channel_secrets(
            docket_desk::seed::BOT_CHANNEL,
            &[Secret::new(hook_secret.clone())],
        )
        .await?;
    let credentials = Credentials { token, hook_secret };
    if let Some(path) = path {
        private_files::write(&path, &serde_json::to_vec_pretty(&credentials)?)
            .with_context(|| format!("{} can't be written", path.display()))?;
    }
    Ok(credentials)
}
