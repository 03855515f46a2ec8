//! Invents histories, and says from their plain definitions what clocks there are and when each counts.

use crate::{
    random::Random,
    story::{Story, comment, created, second},
};
use docket_domain::{
    contact::comment::AuthorRole,
    sla::{Course, Metric, Signal},
    ticket::{Priority, Status},
};

/// A history of one to fifteen events from a second on.
pub fn story(random: &mut Random, start: i64) -> Story {
    let mut at = start;
    let priority = random.percent(30).then(|| random.pick(Priority::ALL));
    let mut story = Story::default().fact(second(at), created(priority));
    if random.percent(90) {
        story = story.requester(second(at));
    }
    for _ in 0..random.below(14) {
        at += match random.below(8) {
            0 | 1 => 0,
            2 => random.between(1, 59),
            3 => random.between(1, 200) * 60,
            4 | 5 => random.between(1, 3 * 3600),
            6 => random.between(1, 12 * 3600),
            _ => random.between(1, 30 * 3600),
        };
        story = next(random, story, at);
        if story.status() == Status::Closed {
            break;
        }
    }
    story
}

fn next(random: &mut Random, story: Story, at: i64) -> Story {
    let at = second(at);
    match random.below(20) {
        0..5 => story.requester(at),
        5..9 => story.agent(at),
        9 => story.fact(at, comment(AuthorRole::Requester, true, true)),
        10 => story.fact(at, comment(AuthorRole::Agent, false, false)),
        11 => story.fact(at, comment(AuthorRole::ThirdParty, false, false)),
        12 if random.percent(15) => story.signal(at, Signal::Merged),
        12 | 13 => {
            let to = random.pick(Priority::ALL);
            story.priority(at, to)
        }
        _ => {
            let to = match random.percent(4) {
                true => Status::Closed,
                false => random.pick(&Status::ALL[1..5]),
            };
            if to == story.status() {
                story
            } else {
                story.moves(at, to)
            }
        }
    }
}

/// A cycle of a clock as the definitions have it.
#[derive(Debug)]
pub struct Told {
    pub metric: Metric,
    /// Index of the event that starts it.
    pub start: usize,
    /// Index of the event that ends it.
    pub end: Option<usize>,
    pub course: Course,
}

/// The ticket after the event of an index.
pub struct Moment {
    pub status: Status,
    pub priority: Option<Priority>,
    pub is_over: bool,
}

pub fn moment(story: &Story, index: usize) -> Moment {
    let mut moment = Moment {
        status: Status::New,
        priority: None,
        is_over: false,
    };
    for happening in &story.happenings[..=index] {
        match happening.signal {
            Signal::Created(priority) => moment.priority = priority,
            Signal::PrioritySet(priority) => moment.priority = Some(priority),
            Signal::StatusMoved { to, .. } => {
                moment.status = to;
                moment.is_over |= to == Status::Closed;
            }
            Signal::Merged => moment.is_over = true,
            _ => {}
        }
    }
    moment
}

fn first(story: &Story, from: usize, wanted: impl Fn(usize) -> bool) -> Option<usize> {
    (from..story.happenings.len()).find(|index| wanted(*index))
}

/// All cycles of all clocks, by metric and age.
pub fn told(story: &Story) -> Vec<Told> {
    let signal = |index: usize| story.happenings[index].signal;
    let count = story.happenings.len();
    let over = first(story, 0, |index| moment(story, index).is_over).unwrap_or(count);
    let answers = |index: usize| signal(index) == Signal::AgentAnswered && index < over;
    let solves = |index: usize| {
        index < over
            && matches!(signal(index), Signal::StatusMoved { from, to } if from.is_unsolved() && to == Status::Solved)
    };
    let last = count - 1;
    let is_over = over < count;
    let end_or_over = |end: Option<usize>| end.or(is_over.then_some(over));
    let standing = |end: Option<usize>| match (end, moment(story, last).status) {
        (Some(_), _) => Course::Fulfilled,
        (None, _) if is_over => Course::Over,
        (None, Status::Solved) => Course::Suspended,
        (None, _) => Course::Running,
    };
    let mut all = Vec::new();
    let mut tell = |metric, start, end: Option<usize>, course| {
        all.push(Told {
            metric,
            start,
            end: end_or_over(end),
            course,
        });
    };
    let answer = first(story, 0, answers);
    tell(Metric::FirstReply, 0, answer, standing(answer));
    let mut from = answer.unwrap_or(count);
    while let Some(question) = first(story, from, |index| {
        signal(index) == Signal::RequesterWrote && index < over
    }) {
        let end = first(story, question, |index| answers(index) || solves(index));
        let is_dropped = end.is_some_and(solves);
        let course = if is_dropped {
            Course::Dropped
        } else {
            standing(end)
        };
        tell(Metric::NextReply, question, end, course);
        from = end.unwrap_or(count);
    }
    let mut from = answer;
    while let Some(update) = from {
        from = first(story, update + 1, answers);
        tell(Metric::PeriodicUpdate, update, from, standing(from));
    }
    // The last solution counts, if nothing reopened the ticket.
    let before_over = moment(story, over.saturating_sub(1).min(last));
    let solved =
        (before_over.status == Status::Solved).then(|| (0..over).rfind(|index| solves(*index)).unwrap());
    tell(Metric::Resolution, 0, solved, standing(solved));
    all
}

impl Told {
    /// Whether the clock runs after the event of an index, pauses apart.
    pub fn runs_after(&self, story: &Story, index: usize) -> bool {
        let now = moment(story, index);
        let has_ended = self.metric != Metric::Resolution && self.end.is_some_and(|end| index >= end);
        index >= self.start && !has_ended && now.status.is_unsolved() && !now.is_over
    }

    /// The priority it is judged by.
    pub fn priority(&self, story: &Story) -> Option<Priority> {
        moment(story, self.end.unwrap_or(story.happenings.len() - 1)).priority
    }
}
