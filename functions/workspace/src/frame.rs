//! What surrounds every page of somebody signed in: brand, search, views with counts, groups, and themselves.

use crate::{
    assets,
    came_from::CameFrom,
    failure::Failure,
    models::recall::{JustSent, UndoNotice},
    searched::Searched,
    session::SignedIn,
    views::{View, ViewCounts},
};
use docket_desk::Desk;
use docket_domain::{
    GroupId, TicketNumber,
    assignment::Availability,
    configuration::Group,
    outbox::{RecallableAnswer, RecallableId},
};

/// The frame.
pub struct Frame {
    /// Whose desk it is.
    pub brand: String,
    /// Who is signed in.
    pub me: String,
    /// Their initials.
    pub face: String,
    /// What every form sends back.
    pub csrf: String,
    /// Names the browser's drafts, so that two people on one machine do not meet in them.
    pub drafts: String,
    /// Where the page is.
    pub here: String,
    /// What the field of the search says.
    pub searched: Searched,
    /// Whether they take new tickets; nothing of somebody who belongs to no group.
    pub presence: Option<Presence>,
    /// The standing views.
    pub views: Vec<ViewLink>,
    /// Lists of further ones: what was saved, the groups. None is empty.
    pub lists: Vec<ViewList>,
    /// The answer that was just sent and can be taken back.
    pub undo: Option<UndoNotice>,
    /// The assets.
    pub style: &'static str,
    /// The script.
    pub script: &'static str,
    /// The icon.
    pub icon: &'static str,
}

/// Whether somebody takes new tickets.
pub struct Presence {
    /// Whether they do.
    pub is_online: bool,
    /// How many of their units are taken.
    pub load: i64,
    /// How many units they can have.
    pub capacity: u32,
}

/// Views under a heading.
pub struct ViewList {
    /// The heading.
    pub title: &'static str,
    /// The views.
    pub views: Vec<ViewLink>,
}

/// A link to a view.
pub struct ViewLink {
    /// Its name.
    pub title: String,
    /// Its word.
    pub slug: String,
    /// Where it leads.
    pub href: String,
    /// Its drawing, of those in `templates/icons.html`.
    pub icon: &'static str,
    /// How many tickets it has; empty where that is not known.
    pub count: String,
    /// Whether the count is an alarm.
    pub is_late: bool,
    /// That it is the one shown, or where the ticket shown was opened, as `aria-current` says it.
    pub current: Option<&'static str>,
}

impl Frame {
    /// The frame around the page of a view.
    pub async fn of_view(
        desk: &Desk,
        signed_in: &SignedIn,
        groups: &[Group],
        view: View,
    ) -> Result<Self, Failure> {
        Self::read(desk, signed_in, groups, (Some(view), "page")).await
    }

    /// The frame around the page of a ticket.
    pub async fn of_ticket(
        desk: &Desk,
        signed_in: &SignedIn,
        groups: &[Group],
        (from, number): (&CameFrom, TicketNumber),
    ) -> Result<Self, Failure> {
        let frame = Self::read(desk, signed_in, groups, (from.view(), "true")).await?;
        Ok(Self {
            here: from.ticket(number),
            ..frame
        })
    }

    /// The frame around what was searched for.
    pub async fn of_search(
        desk: &Desk,
        signed_in: &SignedIn,
        groups: &[Group],
        searched: &Searched,
    ) -> Result<Self, Failure> {
        let frame = Self::read(desk, signed_in, groups, (None, "page")).await?;
        Ok(Self {
            searched: searched.clone(),
            ..frame
        })
    }

    /// The frame around a place that is no view.
    pub async fn of_place(desk: &Desk, signed_in: &SignedIn, groups: &[Group]) -> Result<Self, Failure> {
        Self::read(desk, signed_in, groups, (None, "page")).await
    }

    async fn read(
        desk: &Desk,
        signed_in: &SignedIn,
        groups: &[Group],
        (current, word): (Option<View>, &'static str),
    ) -> Result<Self, Failure> {
        let ids: Vec<GroupId> = groups.iter().map(|group| group.id).collect();
        let (counts, load) = tokio::try_join!(ViewCounts::read(desk, signed_in.person.id, &ids), async {
            Ok(desk.agents().load(signed_in.person.id).await?)
        })?;
        let load = load.filter(|_| !signed_in.person.groups.is_empty());
        let views = View::ALL
            .into_iter()
            .map(|view| ViewLink {
                title: view.title().to_owned(),
                slug: view.slug().to_owned(),
                href: format!("/agent/tickets?view={}", view.slug()),
                icon: view.icon(),
                count: counts.count(view),
                is_late: false,
                current: (current == Some(view)).then_some(word),
            })
            .collect();
        let frame = Self {
            brand: brand(desk).to_owned(),
            me: signed_in.person.name.clone(),
            face: initials(&signed_in.person.name),
            csrf: signed_in.session.form_token(&desk.unguessable()),
            drafts: signed_in.person.id.to_string(),
            here: signed_in.here.clone(),
            searched: Searched::default(),
            presence: load.map(|load| Presence {
                is_online: load.availability == Availability::Online,
                load: load.load_units,
                capacity: load.capacity,
            }),
            views,
            lists: vec![],
            undo: just_sent(desk, signed_in).await?,
            style: &assets::STYLE.href,
            script: &assets::SCRIPT.href,
            icon: &assets::ICON.href,
        };
        Ok(frame)
    }
}

impl Frame {
    /// How many tickets the view has that is shown, or from which the ticket was opened; empty where that is not known.
    pub fn count_shown(&self) -> String {
        let shown = self.views.iter().find(|view| view.current.is_some());
        shown.map_or_else(String::new, |view| view.count.clone())
    }
}

/// What the page's address says was just sent, as long as it can be taken back.
async fn just_sent(desk: &Desk, signed_in: &SignedIn) -> Result<Option<UndoNotice>, Failure> {
    let sent = JustSent::in_address(&signed_in.here);
    let id = sent.and_then(|sent| RecallableId::new(sent.number, signed_in.person.id, &sent.name));
    let Some(id) = id else {
        return Ok(None);
    };
    let answer = desk.recallable().get(&id).await?;
    let waits = answer.filter(RecallableAnswer::waits);
    Ok(waits.map(|answer| UndoNotice::of(&answer, desk.now())))
}

/// The first letters of somebody's first and last name.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let letters = words.next().into_iter().chain(words.next_back());
    letters.flat_map(char::to_uppercase).collect()
}

/// The name at the top of every page.
pub fn brand(desk: &Desk) -> &str {
    match desk.settings.brand_name.as_str() {
        "" => "Docket",
        name => name,
    }
}
