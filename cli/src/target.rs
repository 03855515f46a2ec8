//! Which desk a command is about: a deployed one, or one on this machine.

use anyhow::{Context as _, bail};
use docket_desk::{Desk, Settings};
use docket_local::{LocalDesk, Options};
use docket_store::{
    Clients,
    clients::cloud_config,
    ports::{SystemClock, SystemEntropy},
};
use embedded_aws::{Clock, Storage};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

/// Which desk.
#[derive(Debug, clap::Args)]
pub struct Target {
    /// Name of the deployed stack. Credentials come from the environment or a profile.
    #[arg(long, required_unless_present = "local", conflicts_with = "local")]
    pub stack: Option<String>,
    /// A desk on this machine.
    #[arg(long)]
    pub local: bool,
    /// Folder of a desk on this machine.
    #[arg(long, default_value = ".docket")]
    pub data: PathBuf,
}

/// Which desk, if any.
#[derive(Debug, clap::Args)]
pub struct OptionalTarget {
    /// Name of the deployed stack. Credentials come from the environment or a profile.
    #[arg(long, conflicts_with = "local")]
    stack: Option<String>,
    /// A desk on this machine.
    #[arg(long)]
    local: bool,
    /// Folder of a desk on this machine.
    #[arg(long, default_value = ".docket", requires = "local")]
    data: PathBuf,
}

impl OptionalTarget {
    /// The desk, if one is named.
    pub fn given(self) -> Option<Target> {
        (self.local || self.stack.is_some()).then_some(Target {
            stack: self.stack,
            local: self.local,
            data: self.data,
        })
    }
}

/// A desk with what its stack says of itself.
pub struct Opened {
    /// The desk.
    pub desk: Desk,
    /// The outputs of its stack; none for a desk on this machine.
    pub outputs: HashMap<String, String>,
}

impl Target {
    /// Opens a desk that was there before.
    pub async fn open(&self) -> anyhow::Result<Opened> {
        match &self.stack {
            Some(stack) => open_stack(stack).await,
            None => Ok(Opened {
                desk: open_folder(&self.data).await?.desk,
                outputs: HashMap::new(),
            }),
        }
    }
}

async fn open_folder(folder: &Path) -> anyhow::Result<LocalDesk> {
    if !docket_local::folder_format::has_desk(folder) {
        bail!(
            "there is no desk in folder {}: name it with --data",
            folder.display()
        );
    }
    let options = Options::new(Storage::Dir(folder.to_owned()), Clock::wall());
    LocalDesk::open(options).await.context("the desk can't be opened")
}

/// Opens a deployed desk by the outputs of its stack.
pub async fn open_stack(stack: &str) -> anyhow::Result<Opened> {
    let config = cloud_config().await;
    let outputs = stack_outputs(stack)?;
    let region = config.region().map(|region| region.as_ref().to_owned());
    let settings = settings_of(&outputs, region).with_context(|| format!("stack {stack} lacks an output"))?;
    let desk = Desk::new(
        settings,
        Clients::new(&config),
        Arc::new(SystemClock),
        Arc::new(SystemEntropy),
    );
    Ok(Opened { desk, outputs })
}

fn settings_of(outputs: &HashMap<String, String>, region: Option<String>) -> anyhow::Result<Settings> {
    Ok(Settings::from_lookup(|name| match name {
        "DOCKET_TENANT" => Some("main".to_owned()),
        "AWS_REGION" => region.clone(),
        _ => outputs.get(&output_name(name)).cloned(),
    })?)
}

/// The output that says what a function is told under this name: `INBOUND_SINGLE_QUEUE` is `InboundSingleQueue`.
fn output_name(variable: &str) -> String {
    let word = |word: &str| match word.split_at_checked(1) {
        Some((first, rest)) => first.to_owned() + &rest.to_lowercase(),
        None => String::new(),
    };
    variable.split('_').map(word).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Every output that a command reads stands in the template; a queue whose output were missing could not be looked at.
    #[test]
    fn the_outputs_of_the_template_make_a_desk() {
        let template = include_str!("../../infra/template.yaml");
        let (_, outputs) = template.split_once("\nOutputs:\n").unwrap();
        let names = outputs.lines().filter_map(|line| {
            line.strip_prefix("  ")?
                .strip_suffix(':')
                .filter(|name| !name.starts_with(' '))
        });
        let outputs = names
            .map(|name| (name.to_owned(), format!("value of {name}")))
            .collect();
        let settings = settings_of(&outputs, Some("eu-west-1".to_owned())).unwrap();
        assert_eq!(settings.queues.inbound_single, "value of InboundSingleQueue");
        assert_eq!(settings.mail_domain, "value of MailDomain");
        assert_eq!(settings.configuration_set, "value of ConfigurationSet");
    }
}
