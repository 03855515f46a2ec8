//! What each answer means, and what to do about it. Plain functions: an answer in, a line out.

use crate::dead_letters::in_words;
use docket_store::mail::{ActiveRuleSet, DomainIdentity};
use std::fmt;

/// What an account in the sandbox may send in 24 hours, by SES's developer guide ("Request production access").
/// SES's first interface says nothing else about it.
const SANDBOX_MAILS_A_DAY: f64 = 200.0;
/// Age from which a mail in the spool is somebody's concern: the alarm's own limit.
const SPOOL_LIMIT_SECONDS: i64 = 15 * 60;
/// How long something due may stay due while sweeps run: they come each minute, and the alarm rings after three.
const SWEEP_LIMIT_SECONDS: i64 = 180;
/// How far counts may lag behind: sweeps take in what changed each minute, and the alarm rings after ten.
const PROJECTIONS_LIMIT_SECONDS: i64 = 600;

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// In order.
    Ok,
    /// Not known, or soon not in order.
    Warning,
    /// Not in order.
    Problem,
}

/// One line: what was found, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How it ended.
    pub level: Level,
    text: String,
    remedy: String,
}

/// An answer, or in words why there is none.
pub type Looked<T> = Result<T, String>;

impl Finding {
    /// In order.
    pub fn ok(text: impl Into<String>) -> Self {
        let (level, text, remedy) = (Level::Ok, text.into(), String::new());
        Self { level, text, remedy }
    }

    fn warning(text: impl Into<String>, remedy: impl Into<String>) -> Self {
        let (level, text, remedy) = (Level::Warning, text.into(), remedy.into());
        Self { level, text, remedy }
    }

    pub(super) fn problem(text: impl Into<String>, remedy: impl Into<String>) -> Self {
        let (level, text, remedy) = (Level::Problem, text.into(), remedy.into());
        Self { level, text, remedy }
    }

    pub(super) fn unknown(what: &str, why: &str) -> Self {
        Self::warning(format!("{what} can't be looked up ({why})"), "")
    }

    /// A part of the desk itself that can't be reached: no desk works without it.
    fn unreachable(what: &str, why: &str) -> Self {
        let remedy = "check credentials, region and the stack";
        Self::problem(format!("{what} can't be reached ({why})"), remedy)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Ok => "ok",
            Level::Warning => "warning",
            Level::Problem => "problem",
        };
        write!(f, "{level:<8} {}", self.text)?;
        if !self.remedy.is_empty() {
            write!(f, " -> {}", self.remedy)?;
        }
        Ok(())
    }
}

/// Whether SES sends to anybody.
pub fn sandbox(most_mails_a_day: Looked<f64>) -> Finding {
    match most_mails_a_day {
        Ok(most) if most == SANDBOX_MAILS_A_DAY => Finding::problem(
            "SES is in the sandbox: 200 mails a day, to verified addresses only",
            "ask for production access, in the SES console under Account dashboard",
        ),
        Ok(most) if most < 0.0 => Finding::ok("SES sends any number of mails a day"),
        Ok(most) => Finding::ok(format!("SES sends {most} mails a day")),
        Err(why) => Finding::unknown("whether SES is in the sandbox", &why),
    }
}

/// Whether SES sends at all.
pub fn sending(is_enabled: Looked<bool>) -> Finding {
    match is_enabled {
        Ok(true) => Finding::ok("sending is enabled for the account"),
        Ok(false) => Finding::problem(
            "sending is paused for the account: outgoing mail waits",
            "look for a mail of SES about bounces or complaints, then: aws ses update-account-sending-enabled --enabled",
        ),
        Err(why) => Finding::unknown("whether sending is paused", &why),
    }
}

/// Whether the domain is ours, and whether its mail is signed.
pub fn identity(domain: &str, identity: Looked<DomainIdentity>) -> Vec<Finding> {
    let identity = match identity {
        Ok(identity) => identity,
        Err(why) => return vec![Finding::unknown(&format!("what SES knows of {domain}"), &why)],
    };
    let records = "put the outputs DnsDkim1 to DnsDkim3 into DNS and wait up to 72 hours";
    let verified = match identity.verification.as_deref() {
        Some("Success") => Finding::ok(format!("domain {domain} is verified")),
        Some(status) => Finding::problem(
            format!("domain {domain} is not verified: {status}; SES refuses its mail"),
            records,
        ),
        None => Finding::problem(
            format!("SES does not know domain {domain} in this region and refuses its mail"),
            "deploy with MailIdentity=create, or make the identity in SES",
        ),
    };
    let signed = match identity.dkim.as_deref() {
        Some("Success") => Finding::ok(format!("mail of {domain} is signed (DKIM)")),
        Some(status) => Finding::problem(
            format!("mail of {domain} is not signed: DKIM is {status}; receivers may refuse it"),
            records,
        ),
        None => Finding::problem(
            format!("mail of {domain} is not signed: DKIM is off; receivers may refuse it"),
            "turn on Easy DKIM for the identity in SES",
        ),
    };
    vec![verified, signed]
}

/// Whether SES gives mail to this desk. `command` activates the stack's own rule set, where it has one.
pub fn rule_set(active: Looked<Option<ActiveRuleSet>>, bucket: &str, command: Option<&String>) -> Finding {
    let remedy = command.map_or("deploy with ReceiptRuleSet= the active one", String::as_str);
    match active {
        Ok(Some(set)) if set.buckets.iter().any(|stores| stores == bucket) => Finding::ok(format!(
            "receipt rule set {} is active and stores mail here",
            set.name
        )),
        Ok(Some(set)) => Finding::problem(
            format!(
                "the active receipt rule set {} stores no mail in bucket {bucket}",
                set.name
            ),
            remedy,
        ),
        Ok(None) => Finding::problem("no receipt rule set is active: SES receives nothing", remedy),
        Err(why) => Finding::unknown("the active receipt rule set", &why),
    }
}

/// Whether the domain's mail comes to SES. `record` is what the stack wants in DNS, its host last.
pub fn mx(domain: &str, record: &str, found: Looked<Vec<String>>) -> Finding {
    let wanted = record.rsplit(' ').next().unwrap_or_default();
    let remedy = format!("put into DNS: {record}");
    match found {
        Ok(hosts) if hosts.iter().any(|host| host.eq_ignore_ascii_case(wanted)) => {
            Finding::ok(format!("the MX record of {domain} names {wanted}"))
        }
        Ok(hosts) if hosts.is_empty() => Finding::problem(
            format!("{domain} has no MX record: nobody can write to it"),
            remedy,
        ),
        Ok(hosts) => {
            let hosts = hosts.join(", ");
            Finding::problem(
                format!("mail to {domain} goes to {hosts}, not to {wanted}"),
                remedy,
            )
        }
        Err(why) => Finding::unknown(&format!("the MX record of {domain}"), &why),
    }
}

/// Whether dead letters wait. `counts` are by queue; `target` is how the desk is named on the command line.
pub fn dead_letters(counts: Looked<Vec<(&str, usize)>>, target: &str) -> Finding {
    let counts = match counts {
        Ok(counts) => counts,
        Err(why) => return Finding::unreachable("a dead-letter queue", &why),
    };
    let full = counts.iter().filter(|(_, count)| *count > 0);
    let full: Vec<String> = full
        .map(|(queue, count)| format!("{count} of queue {queue}"))
        .collect();
    if full.is_empty() {
        return Finding::ok("no dead letter");
    }
    Finding::problem(
        format!("dead letters: {}", full.join(", ")),
        format!("docket deadletter inspect {target}"),
    )
}

/// Whether a mail was stored and nobody took it in. The ages are those of mails over ten minutes old.
pub fn spool(ages_seconds: Looked<Vec<i64>>) -> Finding {
    let ages = match ages_seconds {
        Ok(ages) => ages,
        Err(why) => return Finding::unreachable("the spool", &why),
    };
    let late = ages.iter().filter(|age| **age > SPOOL_LIMIT_SECONDS);
    match late.clone().max() {
        None => Finding::ok("no mail waits in the spool for more than 15 minutes"),
        Some(oldest) => Finding::problem(
            format!(
                "{} mail waits in the spool, the oldest for {}",
                late.count(),
                in_words(*oldest)
            ),
            "look into the log of email-intake and at the dead letters of inbound; sweeps try it again",
        ),
    }
}

/// Whether sweeps run. A sweep leaves nothing due behind, so whatever has been due for minutes no sweep has seen. Where
/// nothing is due there is nothing to see.
pub fn sweep(due_for_seconds: Looked<Option<i64>>, is_local: bool) -> Finding {
    match due_for_seconds {
        Ok(Some(lag)) if lag > SWEEP_LIMIT_SECONDS && is_local => Finding::warning(
            format!(
                "work has been due for {}, as it is when a desk stands still",
                in_words(lag)
            ),
            "docket local: its first sweep does it",
        ),
        Ok(Some(lag)) if lag > SWEEP_LIMIT_SECONDS => Finding::problem(
            format!(
                "work has been due for {}: the sweep does not run, or fails",
                in_words(lag)
            ),
            "look into the log of sla-check, and whether its schedule is enabled",
        ),
        Ok(_) => Finding::ok("nothing has been due for more than 3 minutes"),
        Err(why) => Finding::unreachable("the index of what is due", &why),
    }
}

/// What is kept beside tickets.
pub struct KeptBeside {
    /// What it is called.
    name: &'static str,
    /// Where to look.
    look: &'static str,
}

/// The counts of views.
pub const COUNTS: KeptBeside = KeptBeside {
    name: "the counts of views",
    look: "look into the logs of sla-check and projector, and at the dead letters of projections",
};
/// The index of the search.
pub const SEARCH_INDEX: KeptBeside = KeptBeside {
    name: "the index of the search",
    look: "look into the log of index, and at the dead letters of index",
};

/// Whether what is kept beside tickets follows them; before the first was made there is nothing to see.
pub fn projections(kept: &KeptBeside, lag_seconds: Looked<Option<i64>>, is_local: bool) -> Finding {
    let name = kept.name;
    match lag_seconds {
        Ok(Some(lag)) if lag > PROJECTIONS_LIMIT_SECONDS => Finding::warning(
            format!("{name}: {} behind the tickets", in_words(lag)),
            match is_local {
                true => "docket local: its first sweep takes in what changed",
                false => kept.look,
            },
        ),
        Ok(_) => Finding::ok(format!("{name}: as the tickets are")),
        Err(why) => Finding::unreachable(name, &why),
    }
}

/// Whether the secrets are there: how many keys of reply addresses, of links to files, how many secrets of channel `bot`.
pub fn secrets(
    reply_keys: Looked<usize>,
    link_keys: Looked<usize>,
    bot_secrets: Looked<usize>,
    target: &str,
) -> Vec<Finding> {
    let judge = |what: &str, found: Looked<usize>| match found {
        Ok(0) => Finding::problem(format!("{what} is missing"), format!("docket init {target}")),
        Ok(_) => Finding::ok(format!("{what} is there")),
        Err(why) => Finding::unreachable(what, &why),
    };
    vec![
        judge("the key of reply addresses", reply_keys),
        judge("the key of links to files", link_keys),
        judge("the secret of channel bot", bot_secrets),
    ]
}
