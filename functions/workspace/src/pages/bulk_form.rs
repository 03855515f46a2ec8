//! The form in which the tickets of a list are ticked, and the list as it is shown again where nothing is done.

use super::tickets::{Said, page};
use crate::{
    failure::Failure,
    session::SignedIn,
    views::{ROWS, address::ListAddress},
};
use axum::{http::StatusCode, response::Response};
use docket_desk::Desk;
use docket_domain::TicketNumber;
use futures_util::future::BoxFuture;
use std::collections::{BTreeMap, BTreeSet};

/// The form as it comes.
#[derive(Default)]
pub struct Form {
    pub csrf: String,
    pub once: String,
    pub act: String,
    pub tags: String,
    pub date: String,
    pub macro_id: String,
    /// The address of the list.
    pub list: String,
    pub all: bool,
    pub ticked: BTreeSet<TicketNumber>,
    /// The newest comment of each as it was seen, where what somebody wrote since stops it.
    pub seen: BTreeMap<TicketNumber, u64>,
    /// What of a macro was shown before it is run.
    pub shown: String,
    pub did: String,
    pub proof: String,
}

impl Form {
    /// Reads it. What it has no field for is left out.
    pub fn read(body: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            let value = value.into_owned();
            match name.as_ref() {
                "csrf" => form.csrf = value,
                "once" => form.once = value,
                "act" => form.act = value,
                "tags" => form.tags = value,
                "date" => form.date = value,
                "macro" => form.macro_id = value,
                "list" => form.list = value,
                "all" => form.all = true,
                "shown" => form.shown = value,
                "did" => form.did = value,
                "proof" => form.proof = value,
                "t" => form.ticked.extend(value.parse::<TicketNumber>()),
                "seen" => form.seen.extend(seen(&value)),
                _ => {}
            }
        }
        form
    }

    /// Where the list is.
    pub fn address(&self) -> ListAddress {
        ListAddress::read(&self.list)
    }

    /// In words for the person, why nothing is done.
    pub fn problem(&self) -> Option<String> {
        match self.ticked.len() {
            _ if self.all => None,
            0 => Some(t!("Nothing was changed: tick a ticket first.").to_owned()),
            many if many > ROWS => Some(t!(
                "Nothing was changed: at most {most} tickets can be ticked.",
                most = ROWS
            )),
            _ => None,
        }
    }
}

/// A ticket, and its newest comment as it was seen: `12.45`.
fn seen(written: &str) -> Option<(TicketNumber, u64)> {
    let (number, v) = written.split_once('.')?;
    Some((number.parse().ok()?, v.parse().ok()?))
}

/// The list again, with what is wrong. It is asked for in many places of what changes tickets, each of which would have room for it.
pub fn refused<'a>(
    desk: &'a Desk,
    signed_in: &'a SignedIn,
    form: &'a Form,
    problem: String,
) -> BoxFuture<'a, Result<Response, Failure>> {
    let said = Said {
        problem: Some(problem),
        status: StatusCode::UNPROCESSABLE_ENTITY,
        ..Said::default()
    };
    Box::pin(async move { page(desk, signed_in, (&form.address(), ""), said).await })
}
