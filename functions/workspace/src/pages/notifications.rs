//! What an agent was told, and what they choose to be told.

use crate::{
    failure::Failure,
    frame::Frame,
    models::told::{Choice, ToldLine, choices, lines, people_in},
    names::Names,
    session::SignedIn,
};
use askama::Template;
use axum::{
    Form, Json,
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use docket_desk::{Desk, MOST_NOTIFICATIONS, NotificationState, Telling};
use docket_domain::{
    PersonId, TicketNumber,
    notification::{NotificationKind, NotificationSettings, Ways},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most of the news that an open page is handed at once: of more it says how much there is.
const MOST_NEWS: usize = 5;

#[derive(Template)]
#[template(path = "notifications.html")]
struct NotificationsPage {
    frame: Frame,
    told: Vec<ToldLine>,
    choices: Vec<Choice>,
    is_saved: bool,
    most: usize,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    saved: String,
}

/// The page. Whoever opens it has seen what stands on it.
pub async fn show(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Html<String>, Failure> {
    let me = signed_in.person.id;
    let groups = desk.groups().all().await?;
    let (frame, state, told) = tokio::try_join!(
        Frame::of_place(&desk, &signed_in, &groups),
        async { Ok(desk.notifications().state(me).await?) },
        async { Ok(desk.notifications().newest(me, MOST_NOTIFICATIONS).await?) },
    )?;
    let page = NotificationsPage {
        frame,
        told: read_lines(&desk, &told, &state).await?,
        choices: choices(&state),
        is_saved: !wanted.saved.is_empty(),
        most: MOST_NOTIFICATIONS,
    };
    if state.unseen() > 0 {
        desk.notifications().see(me, &state).await?;
    }
    Ok(Html(page.render()?))
}

/// One read for the tickets, one for the people, however many lines there are.
async fn read_lines(
    desk: &Desk,
    told: &[Telling],
    state: &NotificationState,
) -> Result<Vec<ToldLine>, Failure> {
    let numbers: BTreeSet<TicketNumber> = told.iter().map(|telling| telling.notification.ticket).collect();
    let numbers: Vec<TicketNumber> = numbers.into_iter().collect();
    let people: BTreeSet<PersonId> = people_in(told).collect();
    let (heads, names) = tokio::try_join!(
        async { Ok(desk.tickets().get_many(&numbers).await?) },
        Names::read(desk, people, &[])
    )?;
    Ok(lines(told, (&heads, &names), state, desk.now()))
}

/// The form of choices: each kind and way by its name, such as `replied_mail`.
pub async fn submit(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    Form(chosen): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let value = |wanted: &str| chosen.iter().find(|(name, _)| name == wanted);
    signed_in.check(value("csrf").map_or("", |(_, value)| value))?;
    let is_ticked = |kind: NotificationKind, way: &str| {
        value(&format!("{}_{way}", kind.as_str())).is_some_and(|(_, value)| value == "1")
    };
    let settings = NotificationKind::ALL.into_iter().map(|kind| {
        let ways = Ways {
            page: is_ticked(kind, "page"),
            browser: is_ticked(kind, "browser"),
            mail: is_ticked(kind, "mail"),
        };
        (kind, ways)
    });
    let settings = NotificationSettings::of(settings);
    desk.notifications()
        .choose(signed_in.person.id, &settings)
        .await?;
    Ok(Redirect::to("/agent/notifications?saved=1").into_response())
}

/// How much an open page knows of.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Known {
    told: u64,
}

/// What is new to an open page.
#[derive(Serialize)]
struct News {
    /// The newest of it, the newest first.
    news: Vec<NewsLine>,
    /// How much more there is.
    more: u64,
}

#[derive(Serialize)]
struct NewsLine {
    words: String,
    subject: String,
    href: String,
    page: bool,
    browser: bool,
}

/// What came since an open page looked last.
pub async fn news(
    State(desk): State<Desk>,
    signed_in: Result<SignedIn, Failure>,
    Query(known): Query<Known>,
) -> Result<Response, Failure> {
    let me = match signed_in {
        Ok(signed_in) => signed_in.person.id,
        Err(Failure::SignedOut { .. }) => return Ok(StatusCode::UNAUTHORIZED.into_response()),
        Err(failure) => return Err(failure),
    };
    let state = desk.notifications().state(me).await?;
    let since = state.told.saturating_sub(known.told);
    let shown = usize::try_from(since).unwrap_or(usize::MAX).min(MOST_NEWS);
    let told = match shown {
        0 => vec![],
        shown => desk.notifications().newest(me, shown).await?,
    };
    let lines = read_lines(&desk, &told, &state).await?;
    let line = |line: ToldLine| NewsLine {
        href: format!("/agent/tickets/{}", line.number),
        words: line.words,
        subject: line.subject,
        page: line.ways.page,
        browser: line.ways.browser,
    };
    let news: Vec<NewsLine> = lines.into_iter().map(line).collect();
    let more = since - news.len().min(shown) as u64;
    Ok(Json(News { news, more }).into_response())
}
