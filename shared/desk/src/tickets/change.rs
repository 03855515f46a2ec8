//! The one way to change a ticket: load, decide, commit, and again where somebody else was first.
//!
//! Callers hand in what differs. What a decision lacks is fetched, what would not fit into one save is known before it is
//! sent, what rules wrote is stored before the save that names it. Every try has one `now`: what it decides, stores and
//! compares agrees on the time.

use crate::{Attempt, Beside, Changed, Desk, Find, Found, Saved, Try, Want, Wish};
use docket_domain::{
    Digest, PersonId, TicketNumber, Timestamp,
    contact::comment::Comment,
    outbox::{self, Work, answers_go_first},
    record::CommitmentKey,
    ticket::{
        Actor, Command, Context, Decided, Fact, MOST_PARTS, Needs, Refusal, Ticket, TicketEvent, decide,
        evolve, fact,
    },
};
use docket_rules::DeskRules;
use docket_store::{
    StoreError,
    blob::BlobError,
    table::{Change, Committed, Guard, MOST_TRIES},
};
use std::collections::BTreeMap;

/// How often what a decision lacks is fetched: what it says at once, what it finds out on its way, what follows from that, and who
/// it was that solved a problem.
const MOST_FETCHES: u32 = 5;

/// Loads a ticket for each try.
struct Loading<'a, W> {
    desk: &'a Desk,
    number: TicketNumber,
    read: Option<Ticket>,
    want: &'a mut W,
}

impl<E: From<StoreError> + Send, W: Want<E>> Find<E> for Loading<'_, W> {
    async fn find(&mut self, now: Timestamp) -> Result<Found, E> {
        let ticket = match self.read.take() {
            Some(ticket) => Some(ticket),
            None => self.desk.tickets().get(self.number).await?,
        };
        let Some(ticket) = ticket else {
            return Ok(Found::NotThere);
        };
        let on = Try {
            ticket: ticket.clone(),
            now,
        };
        Ok(match self.want.want(on).await? {
            Some(wish) => Found::wish(ticket, wish),
            None => Found::Nothing(Box::new(ticket)),
        })
    }
}

impl Desk {
    /// Changes a ticket.
    ///
    /// # Errors
    /// When the world failed, others were first at every try, or it can never be done; and what `want` says.
    pub async fn change<E: From<StoreError> + Send>(
        &self,
        number: TicketNumber,
        mut attempt: Attempt,
        want: &mut impl Want<E>,
    ) -> Result<Changed, E> {
        let mut loading = Loading {
            desk: self,
            number,
            read: attempt.read.take(),
            want,
        };
        Box::pin(self.change_found(attempt, &mut loading)).await
    }

    /// Changes a ticket by what does not depend on how it stands.
    ///
    /// # Errors
    /// As [`Desk::change`].
    pub async fn change_by(
        &self,
        number: TicketNumber,
        attempt: Attempt,
        wish: impl Into<Wish>,
    ) -> Result<Changed, StoreError> {
        let wish = wish.into();
        let mut want = |_| {
            let wish = wish.clone();
            async { Ok::<_, StoreError>(Some(wish)) }
        };
        self.change(number, attempt, &mut want).await
    }

    /// Changes the ticket that each try finds, or makes it.
    ///
    /// # Errors
    /// As [`Desk::change`].
    pub async fn change_found<E: From<StoreError> + Send>(
        &self,
        attempt: Attempt,
        find: &mut impl Find<E>,
    ) -> Result<Changed, E> {
        let mut number = None;
        // What a try commits itself to, the next one does, too.
        let keys = [self.commitment_key(), self.commitment_key()];
        for nth in 0..MOST_TRIES {
            let now = self.now();
            let (before, wish) = match Box::pin(find.find(now)).await? {
                Found::Wish(ticket, wish) => (*ticket, *wish),
                Found::Nothing(ticket) => {
                    return Ok(Changed::Done(Saved::nothing(ticket)));
                }
                Found::NotThere => return Ok(Changed::NotThere),
            };
            number = Some(before.number);
            // On the heap, each for itself: whoever changes a ticket is deep in calls already.
            if let Some(changed) = Box::pin(self.try_once(&attempt, keys, before, wish, now)).await? {
                return Ok(changed);
            }
            if nth + 1 < MOST_TRIES {
                self.wait_a_little(nth).await;
            }
        }
        Err(StoreError::contended(
            number.map_or_else(|| "a ticket".to_owned(), |number| format!("ticket {number}")),
        )
        .into())
    }

    /// One try; nothing when somebody else was first.
    async fn try_once(
        &self,
        attempt: &Attempt,
        [key, key_beside]: [CommitmentKey; 2],
        before: Ticket,
        wish: Wish,
        now: Timestamp,
    ) -> Result<Option<Changed>, StoreError> {
        let guards: Vec<Guard> = attempt.guards.iter().chain(&wish.guards).cloned().collect();
        let (beside, goes_along) = match self.decide_beside(attempt, &wish, key_beside, now).await? {
            Ok(beside) => beside,
            Err(refusal) => return self.repeated_or(refusal, &guards).await.map(Some),
        };
        let decided = match self
            .decide_wish(attempt, &before, &wish, guards.len() + goes_along, now)
            .await?
        {
            Ok(decided) => decided,
            Err(refusal) => return self.repeated_or(refusal, &guards).await.map(Some),
        };
        let other = beside.as_ref().map(|beside| (&beside.before, &*beside.events));
        let both = [Some((&before, &*decided.events)), other];
        if !wish.has_waited && self.save_answers_before(both).await? {
            return Ok(None);
        }
        if decided.events.is_empty() && guards.is_empty() && wish.writes.is_empty() {
            return Ok(Some(Changed::Done(Saved::nothing(Box::new(before)))));
        }
        let texts = self.store_written(before.number, &decided).await?;
        let decisions = self
            .tickets()
            .keep_large_decisions(before.number, &wish.decisions)
            .await?;
        let author_names = self.names_for_calls(&before, &decided.events, now).await?;
        let change = Change {
            texts,
            decisions,
            author_names,
            comments: wish.comments,
            guards,
            expected_load: wish.expected_load,
            writes: wish.writes,
            key: Some(key),
            ..Change::new(before.clone(), decided.events.clone())
        };
        let comments = change.placed_comments();
        Ok(match self.commit_both_at(change, beside, now).await? {
            Committed::Done(ticket) => Some(Changed::Done(Saved {
                before: Box::new(before),
                ticket,
                events: decided.events,
                comments,
            })),
            Committed::Duplicate(answer) => Some(Changed::Duplicate(answer)),
            Committed::Lost => None,
        })
    }

    /// Saves the answers that wait beside tickets, where they go before what was decided of these; whether that changed one of them, so
    /// that all is to be decided anew.
    async fn save_answers_before(
        &self,
        decided: [Option<(&Ticket, &[TicketEvent])>; 2],
    ) -> Result<bool, StoreError> {
        let mut is_changed = false;
        for (ticket, events) in decided.into_iter().flatten() {
            if ticket.v > 0 && answers_go_first(events) {
                is_changed |= self.tickets().save_waiting(ticket.number).await?;
            }
        }
        Ok(is_changed)
    }

    /// What customers know the authors of answers by that are handed over by a call: whoever calls reads no table.
    async fn names_for_calls(
        &self,
        before: &Ticket,
        events: &[TicketEvent],
        now: Timestamp,
    ) -> Result<BTreeMap<PersonId, String>, StoreError> {
        let after = events.iter().fold(before.clone(), evolve);
        let work = outbox::outgoing(&after, events, now);
        let authors = work.iter().filter_map(|item| match &item.work {
            Work::Call { author, .. } if !author.is_of_the_desk() => Some(*author),
            _ => None,
        });
        let authors: Vec<PersonId> = authors.collect();
        if authors.is_empty() {
            return Ok(BTreeMap::new());
        }
        let people = self.people().get_many(&authors).await?.into_iter();
        Ok(people.map(|person| (person.id, person.name)).collect())
    }

    /// Stores what rules wrote, but for small bodies of comments: those come back, and stand in them.
    async fn store_written(
        &self,
        number: TicketNumber,
        decided: &Decided,
    ) -> Result<BTreeMap<Digest, String>, StoreError> {
        let notices = decided.events.iter().filter_map(|event| match &event.fact {
            Fact::AgentsNotified(fact::AgentsNotified { body, .. }) => Some(&body.digest),
            _ => None,
        });
        let notices: Vec<&Digest> = notices.collect();
        let mut texts = BTreeMap::new();
        for body in &decided.written {
            let (at, json) = self.blobs().put_body_unless_small(number, body).await?;
            let Some(json) = json else { continue };
            // A mail to agents has no comment to stand in.
            if notices.contains(&&at.digest) {
                self.blobs().put_body(number, body).await?;
            }
            texts.insert(at.digest, json);
        }
        Ok(texts)
    }

    /// Whoever repeats a change that stands is told so, even where it could no longer be decided.
    async fn repeated_or(&self, refusal: Refusal, guards: &[Guard]) -> Result<Changed, StoreError> {
        for guard in guards {
            if let Some(entry) = self.guard(&guard.key).await? {
                return Ok(Changed::Duplicate(entry.answer));
            }
        }
        Ok(Changed::Refused(refusal))
    }

    /// Decides what becomes of the ticket that changes beside, if one does: its change, and how many parts that takes. It goes first,
    /// for what it takes is small; rules of the other one stop at what is left.
    async fn decide_beside(
        &self,
        attempt: &Attempt,
        wish: &Wish,
        key: CommitmentKey,
        now: Timestamp,
    ) -> Result<Result<(Option<Change>, usize), Refusal>, StoreError> {
        let Some(Beside {
            ticket,
            commands,
            comments,
        }) = wish.beside.as_deref()
        else {
            return Ok(Ok((None, 0)));
        };
        let beside = Wish {
            commands: commands.clone(),
            comments: comments.clone(),
            actor: wish.actor.clone(),
            cause: wish.cause.clone(),
            ..Wish::default()
        };
        let goes_along = attempt.guards.len() + wish.guards.len() + wish.writes.len();
        let decided = match Box::pin(self.decide_wish(attempt, ticket, &beside, goes_along, now)).await? {
            Ok(decided) => decided,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let after = decided.events.iter().fold(ticket.clone(), evolve);
        let parts = docket_domain::ticket::parts(ticket, &after, &decided.events, now);
        let change = Change {
            texts: self.store_written(ticket.number, &decided).await?,
            author_names: self.names_for_calls(ticket, &decided.events, now).await?,
            comments: comments.clone(),
            key: Some(key),
            ..Change::new(ticket.clone(), decided.events)
        };
        Ok(Ok((Some(change), parts)))
    }

    /// Decides the commands one after the other.
    pub(super) async fn decide_wish(
        &self,
        attempt: &Attempt,
        before: &Ticket,
        wish: &Wish,
        guards: usize,
        now: Timestamp,
    ) -> Result<Result<Decided, Refusal>, StoreError> {
        let actor = wish.actor.as_ref().unwrap_or(&attempt.actor);
        let cause = wish.cause.as_deref().unwrap_or(&attempt.cause);
        let goes_along = guards + wish.writes.len();
        let mut all = Decided::default();
        let mut ticket = before.clone();
        for command in &wish.commands {
            let taken = docket_domain::ticket::parts(before, &ticket, &all.events, now);
            let room = self.room().saturating_sub(goes_along + taken);
            let deciding = Deciding {
                desk: self,
                comments: &wish.comments,
                ticket: &ticket,
                unsaved: &all.events,
                command,
                actor,
                cause,
                now,
                room,
            };
            match Box::pin(deciding.decide()).await? {
                Ok(decided) => {
                    ticket = decided.events.iter().fold(ticket, evolve);
                    all.events.extend(decided.events);
                    all.written.extend(decided.written);
                }
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        Ok(Ok(all))
    }

    /// The parts that a transaction can have; as many as you like in a test world that shows that they have to be counted.
    fn room(&self) -> usize {
        if self.sabotage.no_part_count {
            usize::MAX
        } else {
            MOST_PARTS
        }
    }
}

/// One command about one ticket, while it is decided.
struct Deciding<'a> {
    desk: &'a Desk,
    /// The comments that the save adds.
    comments: &'a [Comment],
    ticket: &'a Ticket,
    /// Its last events, which are not stored yet.
    unsaved: &'a [TicketEvent],
    command: &'a Command,
    actor: &'a Actor,
    cause: &'a str,
    now: Timestamp,
    room: usize,
}

impl Deciding<'_> {
    /// Decides, and fetches what the decision says that it lacks.
    async fn decide(&self) -> Result<Result<Decided, Refusal>, StoreError> {
        let mut rules = self.rules().await?;
        let mut history = None;
        for _ in 0..MOST_FETCHES {
            let context = Context {
                actor: self.actor,
                cause: self.cause,
                rules: &rules,
                history: history.as_deref(),
                room: self.room,
            };
            match decide(self.ticket, self.command.clone(), &context, self.now) {
                Err(Refusal::Lacks(needs)) => {
                    if needs.history {
                        history = Some(self.history().await?);
                    }
                    self.fetch(&needs, &mut rules).await?;
                }
                decided => return Ok(decided),
            }
        }
        Err(StoreError::unreadable_ticket(
            self.ticket.number,
            "a decision goes on asking for what it was given",
        ))
    }

    async fn rules(&self) -> Result<DeskRules, StoreError> {
        let desk = self.desk;
        let mut rules = match self.command {
            Command::Create(new) => desk.rules_at(new.requester, None, self.now).await?,
            Command::Import(import) => desk.rules_at(import.new.requester, None, self.now).await?,
            _ if self.ticket.v == self.unsaved.len() as u64 => {
                desk.rules_at(self.ticket.requester, None, self.now).await?
            }
            _ => desk.rules_for_at(self.ticket, self.now).await?,
        };
        rules.fetched().shown = desk.shown_of(self.ticket.number);
        Ok(rules)
    }

    async fn history(&self) -> Result<Vec<TicketEvent>, StoreError> {
        let stored_until = self.ticket.v - self.unsaved.len() as u64;
        let mut history = self
            .desk
            .tickets()
            .events(self.ticket.number, stored_until)
            .await?;
        history.extend(self.unsaved.iter().cloned());
        Ok(history)
    }

    async fn fetch(&self, needs: &Needs, rules: &mut DeskRules) -> Result<(), StoreError> {
        let desk = self.desk;
        for person in &needs.staff {
            let works_here = desk
                .people()
                .get(*person)
                .await?
                .is_some_and(|known| known.role.is_staff());
            rules.fetched().staff.insert(*person, works_here);
        }
        for group in &needs.members {
            let members: Vec<PersonId> = desk.groups().members(*group).await?;
            rules.fetched().members.insert(*group, members);
        }
        for (body, stored_v) in &needs.texts {
            let number = self.ticket.number;
            let mut comment = self
                .comments
                .iter()
                .find(|comment| comment.body.digest == *body)
                .cloned();
            if let (None, Some(v)) = (&comment, stored_v) {
                comment = desk.tickets().comment(number, *v).await?;
            }
            let read = match comment {
                Some(comment) => desk.blobs().body_of(number, &comment).await,
                None => desk.blobs().body(number, body).await,
            };
            // A body that can't be had says nothing; whoever stored it a moment ago would know.
            let text = match read {
                Ok(text) => Some(text.shown_text().into_owned()),
                Err(BlobError::Missing(_)) => None,
                Err(BlobError::Store(error)) => return Err(error),
            };
            rules.fetched().comment_texts.insert(body.clone(), text);
        }
        if let Some(agent) = needs.agent {
            let name = desk.people().get(agent).await?.map(|person| person.name);
            rules.fetched().agent = Some(agent);
            rules.fetched().shown.agent = name.unwrap_or_default();
        }
        Ok(())
    }
}
