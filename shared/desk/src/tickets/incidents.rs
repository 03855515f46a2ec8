//! The incidents of a problem that was solved are solved with it, and get the public comment that an agent gave with that.
//!
//! The problem's head says that it is to be done. A message does some incidents and names the next: one that is lost, and one for
//! which the world failed, is found by the sweep, which begins with the first again. Each incident has a guard, so it is done once
//! however often it comes by, and stays as somebody leaves it afterwards.

use crate::{
    Attempt, Changed, Guard, GuardKey, IncidentsNudge, StoreError, Wish, parts::Tickets, tickets::NewComment,
};
use docket_domain::{
    TicketNumber,
    contact::comment::AuthorRole,
    ticket::{Actor, Command, IncidentsDue, LinkCommand, LinkList, Refusal},
};
use docket_store::blob::BlobError;

/// Incidents that one message looks at: some seconds of its function's time.
const AT_ONCE: usize = 25;

/// How it went with an incident.
enum Went {
    /// It is as it should be.
    Well,
    /// It can't be changed.
    Never,
    /// The world failed.
    Later,
}

impl Tickets<'_> {
    /// Solves the next incidents of a problem that was solved; comes back with what goes on, unless that was all.
    ///
    /// # Errors
    /// When the world failed before or after them: what was done is done, and whoever repeats it finds it so.
    pub async fn solve_incidents(self, nudge: &IncidentsNudge) -> Result<Option<IncidentsNudge>, StoreError> {
        let problem = nudge.problem;
        let Some(due) = self.incidents_due(nudge).await? else {
            return Ok(None);
        };
        let list = LinkList::Incidents(problem);
        let page = self.linked_after(list, nudge.after, AT_ONCE).await?;
        let said = self.said_with(problem, &due).await?;
        let mut next = nudge.clone();
        for (incident, linked_at) in &page {
            next.after = Some(*incident);
            if linked_at.is_some_and(|at| at > due.since) {
                continue;
            }
            let solved = Box::pin(self.solve_incident(*incident, problem, &due, said.as_ref()));
            match solved.await {
                Went::Well => {}
                Went::Never => next.left += 1,
                Went::Later => next.again = true,
            }
        }
        if page.len() >= AT_ONCE {
            return Ok(Some(next));
        }
        if !next.again {
            self.record_incidents(problem, due.v, next.left).await?;
        }
        Ok(None)
    }

    /// What is to be done, as long as it is.
    async fn incidents_due(self, nudge: &IncidentsNudge) -> Result<Option<IncidentsDue>, StoreError> {
        let problem = self.get(nudge.problem).await?;
        let standing = problem.filter(|problem| !problem.is_deleted());
        let due = standing.and_then(|problem| problem.incidents_due);
        Ok(due.filter(|due| due.v == nudge.v))
    }

    /// What each incident is told: the comment as it stands now, without files. Nothing where it is public no more, or nothing of it
    /// stays.
    async fn said_with(
        self,
        problem: TicketNumber,
        due: &IncidentsDue,
    ) -> Result<Option<NewComment>, StoreError> {
        let Some(v) = due.comment else { return Ok(None) };
        let comment = self.comment(problem, v).await?;
        let Some(comment) = comment.filter(|comment| comment.public) else {
            return Ok(None);
        };
        if comment
            .redacted_at
            .is_some_and(|at| comment == comment.without_words(at))
        {
            return Ok(None);
        }
        let mut body = match self.desk.blobs().body_of(problem, &comment).await {
            Ok(body) => body,
            Err(BlobError::Store(error)) => return Err(error),
            Err(BlobError::Missing(_)) => {
                tracing::error!(%problem, v, "comment {v} of problem {problem} is lost, its incidents do not get it");
                return Ok(None);
            }
        };
        // It would show pictures that do not come with it.
        if comment.attachments_at.is_some() || comment.attachments.iter().any(|file| file.inline) {
            body.html = None;
        }
        Ok(Some(NewComment {
            author: comment.author,
            role: AuthorRole::Agent,
            public: true,
            channel: comment.channel.clone(),
            body,
            attachments: vec![],
            mail: None,
            automatic: None,
        }))
    }

    /// One that can't be changed, or not now, keeps none of the others.
    async fn solve_incident(
        self,
        incident: TicketNumber,
        problem: TicketNumber,
        due: &IncidentsDue,
        said: Option<&NewComment>,
    ) -> Went {
        match self.try_incident(incident, problem, due, said).await {
            Ok(Changed::Done(_) | Changed::Duplicate(_) | Changed::NotThere) => Went::Well,
            // It was set aside meanwhile.
            Ok(Changed::Refused(Refusal::Deleted | Refusal::DeletedForGood)) => Went::Well,
            Ok(Changed::Refused(refusal)) => {
                tracing::error!(%incident, %problem, %refusal, "incident {incident} is not solved with problem {problem}");
                Went::Never
            }
            Err(error) if error.is_final() => {
                tracing::error!(%incident, %problem, %error, "incident {incident} is not solved with problem {problem}");
                Went::Never
            }
            Err(error) => {
                tracing::warn!(%incident, %problem, %error, "incident {incident} is solved with problem {problem} later");
                Went::Later
            }
        }
    }

    async fn try_incident(
        self,
        incident: TicketNumber,
        problem: TicketNumber,
        due: &IncidentsDue,
        said: Option<&NewComment>,
    ) -> Result<Changed, StoreError> {
        let ticket = self.get(incident).await?;
        let Some(ticket) = ticket.filter(|ticket| ticket.is_solved_with(problem, due.since)) else {
            return Ok(Changed::NotThere);
        };
        let stored = match said {
            Some(said) => Some(self.store_comment(incident, said.clone()).await?),
            None => None,
        };
        let (comment, facts) = stored.unzip();
        let guard = Guard::new(GuardKey::SolvedWith(problem, due.v, incident));
        let cause = format!("its problem #{problem} was solved");
        let attempt = Attempt::by(Actor::System, cause)
            .guarded(vec![guard])
            .having_read(ticket);
        let solve = LinkCommand::SolveIncident {
            problem,
            since: due.since,
            comment: facts,
        };
        let mut want = |on: crate::Try| {
            let wish = on.ticket.is_solved_with(problem, due.since).then(|| Wish {
                comments: comment.clone().into_iter().collect(),
                ..Wish::from(Command::Link(Box::new(solve.clone())))
            });
            async { Ok::<_, StoreError>(wish) }
        };
        self.desk.change(incident, attempt, &mut want).await
    }

    async fn record_incidents(self, problem: TicketNumber, v: u64, left: u64) -> Result<(), StoreError> {
        let attempt = Attempt::by(Actor::System, format!("problem #{problem} was solved"));
        let record = LinkCommand::RecordIncidents { v, left };
        let recorded = self
            .desk
            .change_by(problem, attempt, Command::Link(Box::new(record)))
            .await?;
        if let Changed::Refused(refusal) = recorded {
            // It is asked for again once the problem is restored.
            tracing::warn!(%problem, %refusal, "that the incidents of problem {problem} are solved is not recorded");
        }
        Ok(())
    }
}
