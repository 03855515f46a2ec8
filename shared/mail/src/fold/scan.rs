//! The walk over the lines that decides what each is.

use super::attribution::{Attribution, attribution};
use super::headers::header_block;
use super::line::{Line, lines, next_text};
use super::marker::{Announced, announced};
use super::signature::mark_signatures;
use super::wrapped::after_rest;
use super::{Part, Span};

/// Most lines looked at closely: mails of more are logs or data, and what follows is shown unless it is
/// part of a quote without marks.
const MAX_LINES: usize = 10_000;

/// How many lines of a quote are searched for the line that says whose it is.
const MAX_LINES_TO_ORIGIN: usize = 6;

pub(super) fn fold(text: &str, forwards: bool) -> Vec<Span> {
    let lines = lines(text);
    let mut walk = Walk {
        lines: &lines[..lines.len().min(MAX_LINES)],
        parts: vec![Part::New; lines.len()],
        forwards,
        has_new: false,
        picks_quotes: false,
        marked: Vec::new(),
        has_introduction: false,
    };
    walk.run();
    walk.show_single_marks();
    let mut parts = walk.parts;
    if lines.len() <= MAX_LINES {
        mark_signatures(&lines, &mut parts);
    }
    join_blank_lines(&lines, &mut parts);
    let shows = |(line, part): (&Line<'_>, &Part)| !line.text.is_empty() && !part.is_folded();
    if !lines.iter().zip(&parts).any(shows) {
        parts.fill(Part::New);
    }
    spans(&lines, &parts)
}

struct Walk<'l, 't> {
    lines: &'l [Line<'t>],
    parts: Vec<Part>,
    /// Whether the subject says that something is passed on.
    forwards: bool,
    /// Whether there is something new above.
    has_new: bool,
    /// Whether the mail opens with a quote nobody introduced: then the writer picked what to answer, and what is
    /// picked is needed to understand the answer.
    picks_quotes: bool,
    /// Quotes known by their marks alone, first line and the line after the last.
    marked: Vec<(usize, usize)>,
    has_introduction: bool,
}

impl Walk<'_, '_> {
    fn run(&mut self) {
        let mut at = 0;
        while at < self.lines.len() {
            at = if self.lines[at].is_blank() {
                at + 1
            } else {
                self.step(at)
            };
        }
    }

    /// Decides on line `at` and says where to go on.
    fn step(&mut self, at: usize) -> usize {
        if let Some((kind, body)) = announced(self.lines, at)
            && (kind == Announced::Forwarded || self.forwards || !self.lines[at].quoted)
        {
            let forwarded = kind == Announced::Forwarded || self.forwards || !self.has_new;
            let end = self.end_of_mail(at, body, forwarded);
            return self.mark(at, end, if forwarded { Part::Forward } else { Part::Quote });
        }
        if self.lines[at].quoted {
            return self.quote(at);
        }
        let introduction = if self.lines[at].is_rule() {
            next_text(self.lines, at + 1).filter(|below| !self.lines[*below].quoted)
        } else {
            Some(at)
        };
        if let Some(end) = introduction
            .and_then(|below| attribution(self.lines, below))
            .and_then(|found| self.end_of_introduced(found))
        {
            self.has_introduction = true;
            return end.mark(self, at);
        }
        self.has_new = true;
        at + 1
    }

    /// A whole mail's end: that of its quote marks if it has any, else that of the text.
    fn end_of_mail(&self, at: usize, body: usize, forwarded: bool) -> usize {
        let quoted = match next_text(self.lines, body) {
            _ if self.lines[at].quoted => Some(at),
            next => next.filter(|next| self.lines[*next].quoted),
        };
        match quoted {
            Some(start) if forwarded => self.end_of_forward(start),
            Some(start) => self.end_of_quote(start),
            None => self.parts.len(),
        }
    }

    /// As [`Self::end_of_quote`], with any line between two quoted ones: what is passed on is shown, so that an answer
    /// taken for a part of it is not lost.
    fn end_of_forward(&self, at: usize) -> usize {
        let mut end = self.end_of_quote(at);
        while self.lines.get(end + 1).is_some_and(|after| after.quoted) && !self.lines[end].is_blank() {
            end = self.end_of_quote(end + 1);
        }
        end
    }

    fn end_of_introduced(&self, found: Attribution) -> Option<Introduced> {
        let next = next_text(self.lines, found.end);
        match next {
            Some(next) if self.lines[next].quoted => Some(Introduced {
                end: self.end_of_quote(next),
                part: Part::Quote,
            }),
            Some(next) if self.lines[next].barred => Some(Introduced {
                end: self.end_of_bars(next),
                part: Part::Quote,
            }),
            _ if found.strong && (self.has_new || self.forwards) => Some(Introduced {
                end: self.parts.len(),
                part: if self.forwards { Part::Forward } else { Part::Quote },
            }),
            _ => None,
        }
    }

    fn quote(&mut self, at: usize) -> usize {
        let end = self.end_of_quote(at);
        let introduced = self.is_introduced(at, end);
        let answered = next_text(self.lines, end).is_some();
        self.picks_quotes |= !self.has_new && !introduced && answered;
        if self.picks_quotes && !introduced && answered {
            self.has_new = true;
            return end;
        }
        if introduced {
            self.has_introduction = true;
        } else {
            self.marked.push((at, end));
        }
        self.mark(at, end, Part::Quote)
    }

    /// Single lines with a mark in a mail that introduces no quote are commands or menu paths as likely as quotes.
    fn show_single_marks(&mut self) {
        if !self.has_introduction && self.marked.iter().all(|(start, end)| end - start == 1) {
            for (start, end) in std::mem::take(&mut self.marked) {
                self.mark(start, end, Part::New);
            }
        }
    }

    /// Whether the quote says itself whose words it has.
    fn is_introduced(&self, at: usize, end: usize) -> bool {
        (at..end.min(at + MAX_LINES_TO_ORIGIN)).any(|line| {
            !self.lines[line].text.is_empty()
                && (attribution(self.lines, line).is_some()
                    || header_block(self.lines, line, false).is_some())
        })
    }

    /// The line after the last of a quote, with the lines that lost their mark on the way.
    fn end_of_quote(&self, at: usize) -> usize {
        let mut end = self.end_of_run(at, |line| line.quoted);
        while let Some(next) = after_rest(self.lines, end) {
            end = self.end_of_run(next, |line| line.quoted);
        }
        end
    }

    fn end_of_bars(&self, at: usize) -> usize {
        self.end_of_run(at, |line| line.barred)
    }

    /// The line after the last of a run; blank lines within it belong to it.
    fn end_of_run(&self, at: usize, belongs: impl Fn(&Line<'_>) -> bool) -> usize {
        let mut end = at;
        for (next, line) in self.lines.iter().enumerate().skip(at) {
            if belongs(line) {
                end = next + 1;
            } else if !line.is_blank() {
                break;
            }
        }
        end
    }

    fn mark(&mut self, start: usize, end: usize, part: Part) -> usize {
        self.parts[start..end].fill(part);
        end
    }
}

/// A quote with its introduction.
struct Introduced {
    end: usize,
    part: Part,
}

impl Introduced {
    fn mark(self, walk: &mut Walk<'_, '_>, start: usize) -> usize {
        walk.mark(start, self.end, self.part)
    }
}

/// Lines without text become what stands above them, the first ones what stands below.
fn join_blank_lines(lines: &[Line<'_>], parts: &mut [Part]) {
    let Some(first) = lines.iter().position(|line| !line.is_blank()) else {
        return;
    };
    let opening = parts[first];
    parts[..first].fill(opening);
    for at in first + 1..lines.len() {
        if lines[at].is_blank() {
            parts[at] = parts[at - 1];
        }
    }
}

fn spans(lines: &[Line<'_>], parts: &[Part]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for (line, part) in lines.iter().zip(parts) {
        match spans.last_mut() {
            Some(last) if last.part == *part => last.end_bytes = line.end_bytes,
            _ => spans.push(Span {
                start_bytes: line.start_bytes,
                end_bytes: line.end_bytes,
                part: *part,
            }),
        }
    }
    spans
}
