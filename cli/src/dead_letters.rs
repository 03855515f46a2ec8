//! `docket deadletter`: what was received too often, looked at, sent back, or discarded with a reason.

use crate::target::Target;
use anyhow::{Context as _, bail, ensure};
use docket_desk::{
    Desk, Queue,
    dead_letters::{MOST_PER_RUN, about},
};
use docket_store::queue::DeadLetter;
use std::{io::Write, process::Command};

/// How many characters of a body are shown.
const SHOWN_CHARACTERS: usize = 100;

/// What to do with dead letters.
#[derive(Debug, clap::Args)]
pub struct DeadLetterArguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List them: id, queue, age, how often received, what they are about, how they begin.
    Inspect(Which),
    /// Send them back to the queues they were for.
    Redrive(Which),
    /// Take them out for good, after an object `discarded/<date>/<message id>.json` was written in the bucket.
    Discard {
        #[command(flatten)]
        which: Which,
        /// Why; it is kept.
        #[arg(long, value_parser = clap::builder::NonEmptyStringValueParser::new())]
        reason: String,
        /// The one with this id.
        #[arg(
            long,
            value_name = "ID",
            required_unless_present = "all",
            conflicts_with = "all"
        )]
        message: Option<String>,
        /// All of them.
        #[arg(long)]
        all: bool,
    },
}

#[derive(Debug, clap::Args)]
struct Which {
    #[command(flatten)]
    target: Target,
    /// The queue they were for, such as `inbound`; all queues otherwise.
    #[arg(long, value_name = "NAME", value_parser = queue_named)]
    queue: Option<Queue>,
}

fn queue_named(name: &str) -> Result<Queue, String> {
    let known = Queue::ALL.into_iter().find(|queue| queue.name() == name);
    known.ok_or_else(|| format!("queues are {}", Queue::ALL.map(Queue::name).join(", ")))
}

impl Which {
    fn queues(&self) -> Vec<Queue> {
        self.queue.map_or(Queue::ALL.to_vec(), |queue| vec![queue])
    }
}

/// Does it, and says what was done.
pub async fn run(arguments: DeadLetterArguments) -> anyhow::Result<()> {
    let out = &mut crate::terminal::stdout();
    match arguments.action {
        Action::Inspect(which) => inspect(&which.target.open().await?.desk, &which.queues(), out).await,
        Action::Redrive(which) => redrive(&which.target.open().await?.desk, &which.queues(), out).await,
        Action::Discard {
            which,
            reason,
            message,
            ..
        } => {
            ensure!(!reason.trim().is_empty(), "--reason is empty");
            let (desk, by) = (which.target.open().await?.desk, operator()?);
            discard(&desk, &which.queues(), message.as_deref(), &by, &reason, out).await
        }
    }
}

async fn inspect(desk: &Desk, queues: &[Queue], out: &mut impl Write) -> anyhow::Result<()> {
    let mut found = 0;
    for queue in queues {
        let letters = desk.dead_letters().take(*queue).await?;
        for letter in &letters {
            describe(desk, letter, out)?;
        }
        found += letters.len();
        let_go(desk, &letters).await?;
        note_the_rest(desk, *queue, &letters, out).await?;
    }
    writeln!(out, "{}", counted(found))?;
    Ok(())
}

fn describe(desk: &Desk, letter: &DeadLetter, out: &mut impl Write) -> anyhow::Result<()> {
    let age = letter
        .sent_at
        .map(|at| in_words(desk.now().as_second() - at.as_second()));
    writeln!(
        out,
        "{}  queue {}, {} old, received {} times: {}",
        letter.id,
        letter.queue.name(),
        age.as_deref().unwrap_or("unknown time"),
        letter.receive_count,
        about(&letter.body).as_deref().unwrap_or("nothing of the desk's"),
    )?;
    // A body stands on one line, whatever it holds.
    let plain = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let shown: String = letter.body.chars().take(SHOWN_CHARACTERS).map(plain).collect();
    let is_all = letter.body.chars().count() <= SHOWN_CHARACTERS;
    writeln!(out, "    {shown}{}", if is_all { "" } else { "..." })?;
    Ok(())
}

async fn redrive(desk: &Desk, queues: &[Queue], out: &mut impl Write) -> anyhow::Result<()> {
    let mut sent = 0;
    for queue in queues {
        let letters = desk.dead_letters().take(*queue).await?;
        for (at, letter) in letters.iter().enumerate() {
            if let Err(error) = desk.dead_letters().redrive(letter).await {
                let rest = let_go(desk, &letters[at..]).await;
                return Err(error).with_context(|| {
                    let then = if rest.is_ok() { "" } else { " within five minutes" };
                    format!(
                        "{sent} were sent back; message {} of queue {} and the rest stay dead letters{then}",
                        letter.id,
                        queue.name()
                    )
                });
            }
            sent += 1;
            writeln!(out, "{}  sent to queue {}", letter.id, queue.name())?;
        }
        note_the_rest(desk, *queue, &letters, out).await?;
    }
    writeln!(out, "{} sent back", counted(sent))?;
    Ok(())
}

async fn discard(
    desk: &Desk,
    queues: &[Queue],
    message: Option<&str>,
    by: &str,
    reason: &str,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let mut discarded = 0;
    for queue in queues {
        let letters = desk.dead_letters().take(*queue).await?;
        let (chosen, others): (Vec<_>, Vec<_>) = letters
            .iter()
            .cloned()
            .partition(|letter| message.is_none_or(|id| letter.id == id));
        let_go(desk, &others).await?;
        for letter in &chosen {
            let key = desk
                .dead_letters()
                .discard(letter, by, reason)
                .await
                .with_context(|| format!("{discarded} were discarded; {} stays for now", letter.id))?;
            discarded += 1;
            writeln!(out, "{}  discarded; kept as {key}", letter.id)?;
        }
        if message.is_none() {
            note_the_rest(desk, *queue, &letters, out).await?;
        } else if discarded > 0 {
            break;
        }
    }
    if let (Some(id), 0) = (message, discarded) {
        bail!("no dead letter has the id {id}, or somebody has it in hand");
    }
    writeln!(out, "{} discarded", counted(discarded))?;
    Ok(())
}

async fn let_go(desk: &Desk, letters: &[DeadLetter]) -> anyhow::Result<()> {
    for letter in letters {
        desk.dead_letters().let_go(letter).await?;
    }
    Ok(())
}

/// Says when there are more than one run takes, or some that could not be had.
async fn note_the_rest(
    desk: &Desk,
    queue: Queue,
    letters: &[DeadLetter],
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let Some(url) = desk.dead_letters().queue_of(queue).await? else {
        writeln!(out, "queue {} has no dead-letter queue", queue.name())?;
        return Ok(());
    };
    let now = desk.dead_letters().counted(&url).await?;
    if letters.len() == MOST_PER_RUN && now.visible > 0 {
        let name = queue.name();
        writeln!(
            out,
            "queue {name}: one run takes {MOST_PER_RUN}; there are more, run it again"
        )?;
    } else if letters.is_empty() && now.in_flight > 0 {
        let (name, held) = (queue.name(), now.in_flight);
        writeln!(
            out,
            "queue {name}: {held} more in somebody's hand, back within five minutes"
        )?;
    }
    Ok(())
}

/// Who runs this, as the system knows them.
fn operator() -> anyhow::Result<String> {
    let named = Command::new("id").arg("-un").output().ok();
    let named = named.filter(|output| output.status.success());
    let named = named.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let named = named.or_else(|| std::env::var("USERNAME").ok());
    named
        .filter(|name| !name.is_empty())
        .context("your user name can't be found out; it is kept with what is discarded")
}

fn counted(number: usize) -> String {
    match number {
        0 => "no dead letter".to_owned(),
        1 => "1 dead letter".to_owned(),
        number => format!("{number} dead letters"),
    }
}

/// A span in its largest unit.
pub fn in_words(seconds: i64) -> String {
    let (number, unit) = match seconds.max(0) {
        s @ 0..120 => (s, "second"),
        s @ 120..7_200 => (s / 60, "minute"),
        s @ 7_200..172_800 => (s / 3_600, "hour"),
        s => (s / 86_400, "day"),
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
#[path = "dead_letters_tests.rs"]
mod tests;
