//! `docket doctor`: what keeps a desk from working, and what to do about it.

mod checks;
mod dns;
mod sign_in;

use crate::target::{Opened, Target};
use checks::{Finding, Level, Looked};
use docket_desk::{Desk, Queue, StoreError, seed::BOT_CHANNEL};
use docket_projection::{Counters, Projections, Search};
use jiff::SignedDuration;
use std::{fmt::Display, process::ExitCode};

/// How much of a failure's words is shown: SDK errors end in the whole answer.
const MOST_REASON_CHARACTERS: usize = 160;

/// Which desk.
#[derive(Debug, clap::Args)]
pub struct DoctorArguments {
    #[command(flatten)]
    target: Target,
}

/// Looks, and prints one line a check; the exit code says whether there is a problem.
pub async fn run(arguments: DoctorArguments) -> anyhow::Result<ExitCode> {
    let target = &arguments.target;
    let opened = target.open().await?;
    let findings = match &target.stack {
        Some(stack) => {
            let mut findings = of_mail(&opened).await;
            findings.extend(sign_in::look(&opened.desk).await);
            findings.extend(of_desk(&opened.desk, &format!("--stack {stack}")).await);
            findings
        }
        None => of_desk(&opened.desk, "--local").await,
    };
    for finding in &findings {
        println!("{}", crate::terminal::visible(&finding.to_string()));
    }
    let count = |level| findings.iter().filter(|finding| finding.level == level).count();
    let (problems, warnings) = (count(Level::Problem), count(Level::Warning));
    println!(
        "{} checks: {problems} problems, {warnings} warnings",
        findings.len()
    );
    Ok(if problems > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// What SES and DNS say.
async fn of_mail(opened: &Opened) -> Vec<Finding> {
    let (desk, outputs) = (&opened.desk, &opened.outputs);
    let domain = &desk.settings.mail_domain;
    if domain.is_empty() {
        return vec![Finding::ok("the stack has no mail domain: no mail in or out")];
    }
    let mut findings = vec![
        checks::sandbox(looked(desk.mail().most_a_day().await)),
        checks::sending(looked(desk.mail().sending_is_enabled().await)),
    ];
    findings.extend(checks::identity(
        domain,
        looked(desk.mail().domain_identity().await),
    ));
    match outputs.get("DnsInboundMail") {
        None => findings.push(Finding::ok("the stack receives no mail: InboundMail=no")),
        Some(record) => {
            findings.push(checks::rule_set(
                looked(desk.mail().active_rule_set().await),
                &desk.settings.bucket,
                outputs.get("ActivateReceiptRuleSet"),
            ));
            findings.push(checks::mx(domain, record, dns::mail_hosts(domain).await));
        }
    }
    findings
}

/// What the desk itself says.
async fn of_desk(desk: &Desk, target: &str) -> Vec<Finding> {
    let spool = desk.spool().overdue().await;
    let spool = spool.map(|mails| mails.into_iter().map(|(_, age)| age).collect());
    let due = desk.due().oldest().await;
    let due = due.map(|at| at.map(|at| desk.now().as_second() - at.as_second()));
    let seconds = |lag: Option<SignedDuration>| lag.map(|lag| lag.as_secs());
    let counts = Projections::new(desk, &Counters).lag().await.map(seconds);
    let search = Projections::new(desk, &Search).lag().await.map(seconds);
    let reply_keys = match desk.reply_keys().await {
        Err(StoreError::NotSetUp(_)) => Ok(0),
        keys => keys.map(|keys| keys.len()),
    };
    let links = desk.file_link_keys().await.map(|keys| keys.len());
    let bot = desk
        .channel_secrets(BOT_CHANNEL)
        .await
        .map(|secrets| secrets.len());
    let mut findings = vec![
        checks::dead_letters(looked(dead_letters(desk).await), target),
        checks::spool(looked(spool)),
        checks::sweep(looked(due), desk.settings.is_local),
        checks::projections(&checks::COUNTS, looked(counts), desk.settings.is_local),
        checks::projections(&checks::SEARCH_INDEX, looked(search), desk.settings.is_local),
    ];
    let (reply_keys, links, bot) = (looked(reply_keys), looked(links), looked(bot));
    findings.extend(checks::secrets(reply_keys, links, bot, target));
    findings
}

async fn dead_letters(desk: &Desk) -> Result<Vec<(&'static str, usize)>, StoreError> {
    let mut counts = Vec::with_capacity(Queue::ALL.len());
    for queue in Queue::ALL {
        if let Some(url) = desk.dead_letters().queue_of(queue).await? {
            let counted = desk.dead_letters().counted(&url).await?;
            counts.push((queue.name(), counted.visible + counted.in_flight));
        }
    }
    Ok(counts)
}

fn looked<T, E: Display>(result: Result<T, E>) -> Looked<T> {
    result.map_err(|error| in_short(&error))
}

fn in_short(error: &impl Display) -> String {
    let words = error.to_string().replace(char::is_control, " ");
    match words.char_indices().nth(MOST_REASON_CHARACTERS) {
        Some((at, _)) => format!("{}...", &words[..at]),
        None => words,
    }
}

#[cfg(test)]
mod tests;
