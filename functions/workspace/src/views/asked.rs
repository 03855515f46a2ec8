//! Lists that the index of the search is asked for: saved views, other orders, what a list is narrowed to. The questions are those of
//! views over the API; each ticket that is found is held against its view as it is now.

use super::{
    ROWS, View,
    address::{ListAddress, Page, end_of, place_of},
    keyed::Listed,
    order::Order,
};
use crate::{failure::Failure, language::reader, session::SignedIn, words};
use docket_desk::Desk;
use docket_domain::{
    TicketNumber,
    ticket::Ticket,
    view::{View as SavedView, ViewCondition, ViewOutput, ViewSort, ViewValue},
};
use docket_search::{
    Asker, Basis, Failed, PageEnd, SearchAnswer, SearchRequest, ViewColumn, ViewOrder, ViewQuestion,
    ViewSorted, Wanted,
};

/// How far from the beginning a page before another is looked for: further back there is the way to the first.
const MOST_BACK: usize = 5_000;
/// Stands in a condition for the groups of whoever looks.
const OWN_GROUPS: &str = "current_groups";

/// What is asked: the conditions of a view with what it is narrowed to, and the order.
#[derive(Clone, Debug)]
pub struct Question {
    /// All of these must hold.
    pub all: Vec<ViewCondition>,
    /// One of these must hold, where there are any.
    pub any: Vec<ViewCondition>,
    /// In which order.
    pub order: ViewOrder,
}

impl Question {
    /// That of a view at an address; `saved` is the view that was saved, if it is one.
    pub fn of(address: &ListAddress, saved: Option<&SavedView>) -> Self {
        let view = address.view();
        let (mut all, any, own) = match saved {
            Some(saved) => (saved.all.clone(), saved.any.clone(), own_order(&saved.output)),
            None => (conditions(view), vec![], usual_order(view).asked()),
        };
        if address.is_narrowed() {
            all.extend(address.filters.conditions());
        }
        Self {
            all,
            any,
            order: address.order().map_or(own, Order::asked),
        }
    }

    /// The same as somebody asks it. A standing view of what concerns their groups is one of all groups where they belong to none, as
    /// where it is read by keys.
    pub fn asked_by(signed_in: &SignedIn, address: &ListAddress, saved: Option<&SavedView>) -> Self {
        let question = Self::of(address, saved);
        match saved.is_none() && signed_in.person.groups.is_empty() {
            true => question.of_all_groups(),
            false => question,
        }
    }

    fn of_all_groups(mut self) -> Self {
        of_all_groups(&mut self.all);
        self
    }

    /// Whether what is due first comes first, so that the rows fall into sections.
    pub fn is_by_due(&self) -> bool {
        let sort = self.order.sort;
        self.order.group.is_none() && sort.by == ViewColumn::Due && !sort.descending
    }
}

/// Leaves out that a ticket is to be of the groups of whoever looks.
fn of_all_groups(all: &mut Vec<ViewCondition>) {
    let own = ViewValue::One(OWN_GROUPS.to_owned());
    all.retain(|condition| condition.value != own);
}

/// The conditions of a view that every agent has, in the words of saved views.
pub fn conditions(view: View) -> Vec<ViewCondition> {
    let condition = |field: &str, operator: &str, value: &str| ViewCondition {
        field: field.to_owned(),
        operator: operator.to_owned(),
        value: ViewValue::One(value.to_owned()),
    };
    let unsolved = || condition("status", "less_than", "solved");
    let mine = || condition("group_id", "is", OWN_GROUPS);
    // What sleeps has a view of its own.
    let awake = || condition("snoozed_until", "not_present", "");
    match view {
        View::Mine => vec![
            condition("assignee_id", "is", "current_user"),
            unsolved(),
            awake(),
        ],
        View::Unassigned => vec![condition("assignee_id", "is", ""), unsolved()],
        View::Overdue => vec![
            condition("sla_next_breach_at", "greater_than", "0"),
            mine(),
            unsolved(),
            awake(),
        ],
        View::DueSoon => vec![
            condition("until_sla_next_breach_at", "less_than", "1"),
            mine(),
            unsolved(),
            awake(),
        ],
        View::Paused => vec![ViewCondition {
            value: ViewValue::Many(vec!["pending".to_owned(), "hold".to_owned()]),
            ..condition("status", "includes", "")
        }],
        View::Solved => vec![
            condition("SOLVED", "less_than", "48"),
            condition("status", "greater_than", "hold"),
        ],
        View::Group(group) => vec![
            condition("group_id", "is", &group.to_string()),
            unsolved(),
            awake(),
        ],
        View::Open => vec![unsolved(), awake()],
        View::Mentions | View::Snoozed | View::Saved(_) => vec![unsolved()],
    }
}

/// The order that a view has where no other is asked for.
pub fn usual_order(view: View) -> Order {
    match view {
        View::Solved => Order::Changed,
        _ => Order::Due,
    }
}

/// The order of a saved view: the newest tickets first unless it says otherwise.
fn own_order(output: &ViewOutput) -> ViewOrder {
    let sorted = |sort: &ViewSort| {
        let by = ViewColumn::named(&sort.column)?;
        Some(ViewSorted {
            by,
            descending: sort.descending,
        })
    };
    ViewOrder {
        group: output.group.as_ref().and_then(sorted),
        sort: output
            .sort
            .as_ref()
            .and_then(sorted)
            .unwrap_or(Order::Newest.asked().sort),
    }
}

/// Asks for rows of a question's answer.
pub async fn ask(
    desk: &Desk,
    signed_in: &SignedIn,
    question: &Question,
    (skip, take): (usize, usize),
    after: Option<PageEnd>,
) -> Result<SearchAnswer, Failed> {
    let person = &signed_in.person;
    desk.find(SearchRequest {
        by: Asker::Staff(Some(person.id)),
        wanted: Wanted::View(ViewQuestion {
            all: question.all.clone(),
            any: question.any.clone(),
            groups: person.groups.clone(),
            order: question.order,
        }),
        sort_by: None,
        sort_order: None,
        skip,
        take,
        after,
        time_zone: reader().zone_name().map(str::to_owned),
        with_snippets: false,
        with_facets: false,
    })
    .await
}

/// Reads a page of what is asked; the index's own failure comes back for whoever knows another way.
pub async fn list(
    desk: &Desk,
    signed_in: &SignedIn,
    address: &ListAddress,
    question: &Question,
) -> Result<Result<Listed, Failed>, Failure> {
    let answer = match address.page() {
        Page::Before(place) => before(desk, signed_in, address, question, place).await,
        page => {
            let after = match page {
                Page::After(place) => Some(end_of(place).ok_or(Failure::Missing)?),
                Page::First | Page::Before(_) => None,
            };
            let asked = ask(desk, signed_in, question, (0, ROWS), after).await;
            asked.map(|answer| (address.clone(), answer))
        }
    };
    let (here, answer) = match answer {
        Ok(answer) => answer,
        Err(failed) => return Ok(Err(failed)),
    };
    let numbers: Vec<TicketNumber> = answer
        .found
        .iter()
        .map(|found| TicketNumber(found.number))
        .collect();
    let mut tickets: Vec<Ticket> = desk.heads_now(&numbers).await?;
    tickets.sort_by_key(|head| numbers.iter().position(|number| *number == head.number));
    tickets.retain(|ticket| address.view().holds(ticket, signed_in.person.id));
    let is_first = here.page() == Page::First;
    // The way back begins before the first row that was found, whether or not it is still shown.
    let first = numbers.first().map(|number| format!("-.{number}"));
    Ok(Ok(Listed {
        previous: match (first, is_first) {
            (Some(first), false) if here.first_row() <= MOST_BACK => Some(here.ahead_of(&first)),
            (_, false) => Some(here.first()),
            _ => None,
        },
        next: answer
            .next
            .map(|end| here.behind(&place_of(&end), numbers.len().max(1))),
        first_row: here.first_row(),
        urgent: None,
        count: usize::try_from(answer.count).ok(),
        lacking: lacking(answer.basis),
        tickets,
    }))
}

/// What an answer may lack, in words.
fn lacking(basis: Basis) -> Option<String> {
    match basis {
        Basis::Whole => None,
        Basis::Until(until) => {
            let at = words::exact(until).words;
            Some(t!(
                "What changed since {at} may be missing: the search is behind.",
                at
            ))
        }
        Basis::Heads => {
            Some(t!("Only the newest tickets were looked at: the search has no index yet.").to_owned())
        }
    }
}

/// The page before a row. The index goes forwards only, so a stretch around where the row was is read: by so many rows as a page has it
/// may have moved meanwhile.
async fn before(
    desk: &Desk,
    signed_in: &SignedIn,
    address: &ListAddress,
    question: &Question,
    place: &str,
) -> Result<(ListAddress, SearchAnswer), Failed> {
    let skip = address.first_row() - 1;
    let mut answer = ask(desk, signed_in, question, (skip, 2 * ROWS + 1), None).await?;
    let number = end_of(place).map(|end| end.number);
    let at = answer.found.iter().position(|found| Some(found.number) == number);
    let end = at.unwrap_or(ROWS).min(answer.found.len());
    let start = end.saturating_sub(ROWS);
    if skip == 0 && end < ROWS {
        let first = ask(desk, signed_in, question, (0, ROWS), None).await?;
        return Ok((address.first(), first));
    }
    let rest = answer.found.split_off(end);
    answer.found.drain(..start);
    let is_more = !rest.is_empty() || answer.next.is_some();
    answer.next = match (answer.found.last(), is_more) {
        (Some(last), true) => end_at(desk, question, last.number).await.or(answer.next),
        _ => None,
    };
    let here = match skip + start {
        0 => address.first(),
        _ => address.clone(),
    };
    Ok((here, answer))
}

/// Where a page ends whose last row is this ticket.
async fn end_at(desk: &Desk, question: &Question, number: u64) -> Option<PageEnd> {
    let head = desk.tickets().get(TicketNumber(number)).await.ok()??;
    let of = [head.requester];
    let people = desk.people().get_many(&of).await.ok()?;
    let organization = people.first().and_then(|person| person.organization);
    Some(question.order.end_at(&head, organization))
}

/// What of a list's filters and order a view that is saved keeps. What concerns the groups of somebody who belongs to none concerns all, as
/// where they look at it.
pub fn to_keep(
    signed_in: &SignedIn,
    address: &ListAddress,
    saved: Option<&SavedView>,
) -> (Vec<ViewCondition>, Vec<ViewCondition>, ViewOutput) {
    let (mut all, any, output) = kept_of(address, saved);
    if saved.is_none() && signed_in.person.groups.is_empty() {
        of_all_groups(&mut all);
    }
    (all, any, output)
}

fn kept_of(
    address: &ListAddress,
    saved: Option<&SavedView>,
) -> (Vec<ViewCondition>, Vec<ViewCondition>, ViewOutput) {
    let view = address.view();
    let (mut all, any, mut output) = match saved {
        Some(saved) => (saved.all.clone(), saved.any.clone(), saved.output.clone()),
        None => (
            conditions(view),
            vec![],
            ViewOutput {
                sort: Some(usual_order(view).kept()),
                ..ViewOutput::default()
            },
        ),
    };
    all.extend(address.filters.conditions());
    if let Some(order) = address.order() {
        output.sort = Some(order.kept());
        output.group = None;
    }
    (all, any, output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_search::check_condition;

    #[test]
    fn every_view_can_be_asked_of_the_index() {
        for view in View::STANDING {
            for condition in conditions(view) {
                assert_eq!(check_condition(&condition), Ok(()), "{view:?}");
            }
        }
    }

    #[test]
    fn who_belongs_to_no_group_is_concerned_by_all() {
        let address = ListAddress::read("view=overdue&status=open&group=3");
        let question = Question::of(&address, None);
        let fields = |question: &Question| -> Vec<String> {
            let fields = question.all.iter().map(|condition| condition.field.clone());
            fields.filter(|field| field == "group_id").collect()
        };
        assert_eq!(fields(&question).len(), 2);
        assert_eq!(
            fields(&question.of_all_groups()).len(),
            1,
            "the one that was chosen"
        );
    }

    #[test]
    fn what_is_kept_of_a_list_is_what_was_asked() {
        let address = ListAddress::read("view=open&order=changed&status=open&tag=vip");
        let (all, any, output) = kept_of(&address, None);
        let question = Question::of(&address, None);
        assert_eq!((all, any), (question.all, question.any));
        assert_eq!(own_order(&output), question.order);
        assert!(Question::of(&ListAddress::read("view=open&status=open"), None).is_by_due());
    }
}
