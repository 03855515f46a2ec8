//! A browser of sorts: keeps its cookie, reads pages, fills in forms.

use crate::world::World;
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, Response, StatusCode, header},
};
use docket_domain::{PersonId, TicketNumber};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

impl World {
    /// Signs a person in through the page; a browser that keeps the cookie.
    pub async fn browser(&self, person: PersonId) -> Browser {
        let request = Request::post("/agent/sign-in")
            .header(header::HOST, "127.0.0.1:3000")
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(format!("person={person}")))
            .unwrap();
        let response = self.app.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
        Browser {
            app: self.app.clone(),
            cookie: cookie.split(';').next().unwrap().to_owned(),
        }
    }
}

/// A signed-in browser.
pub struct Browser {
    pub app: Router,
    pub cookie: String,
}

/// An answer, read to its end.
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Page {
    pub async fn of(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Self {
            status: parts.status,
            headers: parts.headers,
            bytes,
        }
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The value of a hidden field.
    pub fn field(&self, name: &str) -> String {
        let text = self.text();
        let start = format!("name=\"{name}\" value=\"");
        let at = text.rfind(&start).unwrap_or_else(|| panic!("no field {name}")) + start.len();
        text[at..].split('"').next().unwrap().to_owned()
    }

    #[track_caller]
    pub fn shows(&self, words: &str) {
        assert!(
            self.text().contains(words),
            "{words:?} is not in:\n{}",
            self.text()
        );
    }

    #[track_caller]
    pub fn hides(&self, words: &str) {
        assert!(!self.text().contains(words), "{words:?} is in:\n{}", self.text());
    }
}

impl Browser {
    pub async fn get(&self, path: &str) -> Page {
        let request = Request::get(path).header(header::COOKIE, &self.cookie);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = Request::post(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    async fn send(&self, request: Request<Body>) -> Page {
        Page::of(self.app.clone().oneshot(request).await.unwrap()).await
    }

    /// Fills in the form of a page and sends it: what is not named stays as the page has it.
    pub async fn answer(&self, page: &Page, number: TicketNumber, changed: &[(&str, &str)]) -> Page {
        let hidden =
            ["csrf", "once", "seen", "was_assignee", "was_priority"].map(|name| (name, page.field(name)));
        let mut fields: Vec<(&str, &str)> = hidden
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let rest = [
            ("text", ""),
            ("visibility", "public"),
            ("status", ""),
            ("assignee", hidden[3].1.as_str()),
            ("priority", hidden[4].1.as_str()),
        ];
        fields.extend(rest);
        for (name, value) in changed {
            fields.retain(|(field, _)| field != name);
            fields.push((name, value));
        }
        self.post(&format!("/agent/tickets/{number}"), &fields).await
    }
}
