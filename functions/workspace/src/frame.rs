//! What surrounds every page of somebody signed in: brand, search, views with counts, groups, and themselves.

use crate::{
    access::may_change_view,
    assets,
    came_from::CameFrom,
    failure::Failure,
    language::{language, reader},
    models::recall::{JustSent, UndoNotice},
    searched::Searched,
    session::SignedIn,
    views::{
        View,
        counts::{MOST_COUNTED_VIEWS, ViewCounts, ids},
        keyed::{Looking, number_in_words},
    },
};
use docket_desk::Desk;
use docket_domain::{
    TicketNumber,
    assignment::Availability,
    configuration::Group,
    outbox::{RecallableAnswer, RecallableId},
    view::View as SavedView,
};

/// The word of the list of held mail, which stands among the views.
const HELD: &str = "held";
/// Most groups that stand at the left of every page: an agent's own where there are more.
const MOST_GROUPS_SHOWN: usize = 12;

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
    /// The time zone that times are told in, and whether it follows what the browser says.
    pub zone: String,
    pub follows_browser: bool,
    /// Where the page is.
    pub here: String,
    /// What the field of the search says.
    pub searched: Searched,
    /// Whether they take new tickets; nothing of somebody who belongs to no group.
    pub presence: Option<Presence>,
    /// What the view that is shown is called, or the one that the ticket shown was opened from; the search where it is neither.
    pub back: String,
    /// How many tickets that view has, in words; empty where it is not known.
    pub back_count: String,
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

impl Presence {
    /// Whether they do, and how much they have.
    pub fn words(&self) -> String {
        let Self { load, capacity, .. } = self;
        match self.is_online {
            true => t!("online, load {load} of {capacity}", load, capacity),
            false => t!("away, load {load} of {capacity}", load, capacity),
        }
    }
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
    /// The version of a saved view that whoever looks may change.
    pub version: Option<u64>,
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
        let back = match from.view() {
            Some(_) => frame.back,
            None => from.title().to_owned(),
        };
        Ok(Self {
            here: from.ticket(number),
            back,
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
        let frame = Self::of_place(desk, signed_in, groups).await?;
        Ok(Self {
            searched: searched.clone(),
            ..frame
        })
    }

    /// The frame around mail that was held.
    pub async fn of_held(desk: &Desk, signed_in: &SignedIn, groups: &[Group]) -> Result<Self, Failure> {
        let mut frame = Self::of_place(desk, signed_in, groups).await?;
        if let Some(link) = frame.views.iter_mut().find(|link| link.slug == HELD) {
            link.current = Some("page");
            frame.back_count.clone_from(&link.count);
        }
        Ok(Self {
            back: t!("Held mail").to_owned(),
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
        let person = &signed_in.person;
        let all = ids(groups);
        let looking = Looking {
            me: person.id,
            mine: &person.groups,
            groups: &all,
        };
        let (counts, load, saved) = tokio::try_join!(
            ViewCounts::read(desk, &signed_in.kept, looking),
            async { Ok(desk.agents().load(person.id).await?) },
            offered(desk, signed_in)
        )?;
        let load = load.filter(|_| !person.groups.is_empty());
        let link = |view: View, title: &str, count: String, is_late: bool| ViewLink {
            title: title.to_owned(),
            slug: view.slug(),
            href: format!("/agent/tickets?view={view}"),
            icon: view.icon(),
            count,
            is_late,
            version: None,
            current: (current == Some(view)).then_some(word),
        };
        let is_late =
            |view: View| view == View::Overdue && counts.number(view).is_some_and(|number| number > 0);
        let mut views: Vec<ViewLink> = View::STANDING
            .into_iter()
            .map(|view| link(view, view.title(), counts.words(view), is_late(view)))
            .collect();
        // It waits for a decision: before all that is open.
        let behind = View::STANDING.iter().position(|view| *view == View::Open);
        views.insert(behind.unwrap_or(views.len()), held_mail(counts.held()));
        let of_saved = |view: &SavedView| {
            let count = signed_in.kept.count_of(desk, view, person.id);
            let count = count.map_or_else(String::new, number_in_words);
            ViewLink {
                version: may_change_view(person, view).then_some(view.v),
                ..link(View::Saved(view.id), &view.title, count, false)
            }
        };
        let of_group = |group: &&Group| {
            let view = View::Group(group.id);
            link(view, &group.name, counts.words(view), false)
        };
        let lists = [
            (
                t!("Saved"),
                saved.iter().take(MOST_COUNTED_VIEWS).map(of_saved).collect(),
            ),
            (
                t!("Groups"),
                shown_groups(groups, looking).iter().map(of_group).collect(),
            ),
        ];
        let lists: Vec<ViewList> = lists
            .into_iter()
            .map(|(title, views)| ViewList { title, views })
            .filter(|list: &ViewList| !list.views.is_empty())
            .collect();
        let (back, back_count) = back(current, groups, &saved, |view| {
            let links = views.iter().chain(lists.iter().flat_map(|list| &list.views));
            let mut same = links.filter(|link| link.slug == view.slug());
            same.next().map(|link| link.count.clone())
        });
        let reader = reader();
        Ok(Self {
            brand: brand(desk).to_owned(),
            me: person.name.clone(),
            face: initials(&person.name),
            csrf: signed_in.session.form_token(&desk.unguessable()),
            drafts: person.id.to_string(),
            zone: reader.zone.iana_name().unwrap_or("UTC").to_owned(),
            follows_browser: !reader.is_zone_chosen,
            here: signed_in.here.clone(),
            searched: Searched::default(),
            presence: load.map(|load| Presence {
                is_online: load.availability == Availability::Online,
                load: load.load_units,
                capacity: load.capacity,
            }),
            back,
            back_count,
            views,
            lists,
            undo: just_sent(desk, signed_in).await?,
            style: &assets::STYLE.href,
            script: assets::script(language()),
            icon: &assets::ICON.href,
        })
    }
}

/// The link to the list of held mail.
fn held_mail(count: String) -> ViewLink {
    ViewLink {
        title: t!("Held mail").to_owned(),
        slug: HELD.to_owned(),
        href: "/agent/held".to_owned(),
        icon: "shield",
        count,
        is_late: false,
        version: None,
        current: None,
    }
}

/// The saved views that somebody is offered and that are in use, in their order.
pub async fn offered(desk: &Desk, signed_in: &SignedIn) -> Result<Vec<SavedView>, Failure> {
    let person = &signed_in.person;
    let mut views = desk.store().views().all().await?;
    views.retain(|view| view.is_active && view.is_for(person.id, &person.groups));
    views.sort_by_key(|view| (view.position, view.id));
    Ok(views)
}

/// The groups that stand at the left: all, where they are few, else those that the agent belongs to.
fn shown_groups<'g>(groups: &'g [Group], looking: Looking<'_>) -> Vec<&'g Group> {
    let is_few = groups.len() <= MOST_GROUPS_SHOWN;
    let shown = groups
        .iter()
        .filter(|group| is_few || looking.mine.contains(&group.id));
    shown.take(MOST_GROUPS_SHOWN).collect()
}

/// What a view is called, and how many tickets it has.
fn back(
    view: Option<View>,
    groups: &[Group],
    saved: &[SavedView],
    count: impl Fn(View) -> Option<String>,
) -> (String, String) {
    let Some(view) = view else {
        return (t!("Search").to_owned(), String::new());
    };
    let own = match view {
        View::Group(id) => groups
            .iter()
            .find(|group| group.id == id)
            .map(|group| group.name.clone()),
        View::Saved(id) => saved
            .iter()
            .find(|view| view.id == id)
            .map(|view| view.title.clone()),
        _ => None,
    };
    (
        own.unwrap_or_else(|| view.title().to_owned()),
        count(view).unwrap_or_default(),
    )
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
