//! A reply that is made up: new words, and an earlier mail below or between them.

use super::attributions::ATTRIBUTIONS;
use super::dice::Dice;
use super::layouts::{Labels, OUTLOOK};
use super::notices::wrapped;
use super::parties::Person;
use super::separators::REPLIED;
use super::temptations::{ANSWERED_RIGHT_BELOW, TEMPTATIONS};
use super::words::{WORDS, Words, words};

/// A mail's text, and what of it is new.
pub struct MadeReply {
    /// The program, its language and the layout.
    pub made_by: String,
    pub text: String,
    pub new: Vec<String>,
}

/// The reply that a seed makes.
pub fn reply(seed: u64) -> MadeReply {
    let mut dice = Dice::new(seed);
    match dice.below(5) {
        0..=2 => introduced(&mut dice),
        3 => with_separator(&mut dice),
        _ => with_outlook_lines(&mut dice),
    }
}

/// The day, hour and minute, the name and address of an introducing line.
fn filled(line: &str, author: &Person, dice: &mut Dice) -> String {
    line.replace("{d}", &(1 + dice.below(28)).to_string())
        .replace("{h}", &format!("{:02}", 8 + dice.below(12)))
        .replace("{m}", &format!("{:02}", dice.below(60)))
        .replace("{n}", author.name)
        .replace("{a}", &author.address)
}

/// The paragraphs of what is new.
fn new_words(said: &Words, dice: &mut Dice) -> Vec<String> {
    let from = dice.below(said.reply.len());
    let mut new: Vec<String> = said.reply[from..].iter().map(|line| (*line).to_owned()).collect();
    if dice.one_in(3) {
        new.insert(1, (*dice.pick(TEMPTATIONS)).to_owned());
        new.push("Bye, Ann".to_owned());
    }
    new
}

/// A mail of new words alone.
pub fn unquoted(seed: u64) -> MadeReply {
    let mut dice = Dice::new(seed);
    let said = dice.pick(WORDS);
    let mut new = vec![said.reply[0].to_owned()];
    for _ in 0..1 + dice.below(3) {
        new.push((*dice.pick(TEMPTATIONS)).to_owned());
    }
    new.push("That is all.".to_owned());
    MadeReply {
        made_by: format!("a writer, {}", said.language),
        text: new.join("\n\n"),
        new,
    }
}

/// With a mark before each line, wrapped before it was quoted.
fn marked(said: &Words) -> String {
    let lines: Vec<String> = said
        .quoted
        .iter()
        .flat_map(|line| {
            wrapped(line, 70, "")
                .lines()
                .map(|line| format!("> {line}"))
                .collect::<Vec<_>>()
        })
        .collect();
    lines.join("\n>\n")
}

/// With marks, wrapped on the way after it was quoted: the rest of a line has lost its mark.
fn marked_and_wrapped(said: &Words) -> String {
    let lines: Vec<String> = said
        .quoted
        .iter()
        .map(|line| wrapped(&format!("> {line}"), 76, ""))
        .collect();
    lines.join("\n>\n")
}

fn introduced(dice: &mut Dice) -> MadeReply {
    let introduction = dice.pick(ATTRIBUTIONS);
    let said = words(introduction.language);
    let author = Person::any(dice);
    let line = filled(introduction.line, &author, dice);
    let is_block = introduction.line.contains('\n');
    // Programs and transports wrap at 72 to 78 columns.
    let line = if dice.one_in(2) && !is_block {
        wrapped(&line, 72 + dice.below(7), "")
    } else {
        line
    };
    let mut new = new_words(said, dice);
    let above = new.join("\n\n");
    let (layout, text) = match dice.below(6) {
        0 if !is_block => (
            "bare",
            format!("{above}\n\n{line}\n\n{}", said.quoted.join("\n\n")),
        ),
        1 if !is_block => (
            "wrapped on the way",
            format!("{above}\n\n{line}\n\n{}\n", marked_and_wrapped(said)),
        ),
        2 if !is_block => ("answered below", format!("{line}\n{}\n\n{above}\n", marked(said))),
        3 if !is_block => {
            new.push("+1".to_owned());
            let between = "> Is it blue?\n\n+1\n\n> Is it green?";
            ("answered between", format!("{line}\n\n{between}\n\n{above}\n"))
        }
        4 if !is_block => {
            let (quoted, answers) = dice.pick(ANSWERED_RIGHT_BELOW);
            new.extend(answers.iter().map(|answer| (*answer).to_owned()));
            ("answered right below", format!("{above}\n\n{line}\n\n{quoted}\n"))
        }
        _ => ("marked", format!("{above}\n\n{line}\n\n{}\n", marked(said))),
    };
    MadeReply {
        made_by: format!("{} {}, {layout}", introduction.program, introduction.language),
        text,
        new,
    }
}

/// A date as a header line has it.
fn dated(dice: &mut Dice) -> String {
    let day = 1 + dice.below(28);
    match dice.below(4) {
        0 => format!("Mon, {day} Nov 2026 09:05:00 +0100"),
        1 => format!("{day}.11.2026 09:05"),
        2 => format!("2026-11-{day:02} 09:05"),
        _ => format!("{day} November 2026 09:05"),
    }
}

/// Header lines, in the orders and forms of programs.
pub fn header_lines(labels: &Labels, author: &Person, subject: &str, dice: &mut Dice) -> Vec<String> {
    let line = |label: &str, value: &str| {
        let bold = if label.starts_with('*') { "*" } else { "" };
        match label.trim_end().ends_with([':', '：']) {
            true => format!("{label}{value}"),
            false => format!("{label}:{bold} {value}"),
        }
    };
    let (name, address) = (author.name, &author.address);
    let from = match dice.below(6) {
        0 => format!("\"{name}\" <{address}>"),
        1 => format!("{name} [mailto:{address}]"),
        2 => format!("{name} <mailto:{address}>"),
        _ => format!("{name} <{address}>"),
    };
    let to = match dice.below(4) {
        0 => "Help Desk".to_owned(),
        1 => "Help Desk <support@desk.d.example>; Bob <bob@y.example>;\n carol@z.example; Dave <dave@a-company-with-a-name.example>"
            .to_owned(),
        _ => "Help Desk <support@desk.d.example>".to_owned(),
    };
    let mark = if labels.from.starts_with('>') { "> " } else { "" };
    let mut lines = vec![
        line(labels.from, &from),
        line(labels.sent, &dated(dice)),
        line(labels.to, &to.replace('\n', &format!("\n{mark}"))),
    ];
    match dice.below(6) {
        // AOL and eM Client, GMX.
        0 => lines.swap(1, 2),
        1 => lines.swap(0, 1),
        _ => {}
    }
    if dice.one_in(3) {
        lines.push(line(labels.cc, "bob@y.example; carol@z.example"));
    }
    lines.push(line(labels.subject, subject));
    if mark.is_empty() && dice.one_in(8) {
        lines.push("Importance: High".to_owned());
    }
    lines
}

fn with_separator(dice: &mut Dice) -> MadeReply {
    let layout = dice.pick(REPLIED);
    let said = words(layout.labels.language);
    let new = new_words(said, dice);
    let lines = header_lines(&layout.labels, &Person::any(dice), "[#42] 4711", dice);
    let mark = if layout.labels.from.starts_with('>') {
        "> "
    } else {
        ""
    };
    let quoted = said.quoted.join(&format!("\n{mark}\n{mark}"));
    MadeReply {
        made_by: format!(
            "{} {} below {}",
            layout.program, layout.labels.language, layout.separator
        ),
        text: format!(
            "{}\n\n{}\n{}\n{mark}\n{mark}{quoted}",
            new.join("\n\n"),
            layout.separator,
            lines.join("\n"),
        ),
        new,
    }
}

fn with_outlook_lines(dice: &mut Dice) -> MadeReply {
    let labels = dice.pick(OUTLOOK);
    let said = words(labels.language);
    let new = new_words(said, dice);
    let lines = header_lines(labels, &Person::any(dice), "[#42] 4711", dice);
    // HTML made of paragraphs has a blank line after each.
    let end = if dice.one_in(6) { "\n\n" } else { "\n" };
    let rule = if dice.one_in(2) {
        "________________________________\n"
    } else {
        ""
    };
    let gap = if dice.one_in(4) { "\n" } else { "\n\n" };
    MadeReply {
        made_by: format!("Outlook {}", labels.language),
        text: format!(
            "{}\n\n{rule}{}{gap}{}",
            new.join("\n\n"),
            lines.join(end),
            said.quoted.join("\n\n")
        ),
        new,
    }
}
