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

    pub async fn send(&self, request: Request<Body>) -> Page {
        Page::of(self.app.clone().oneshot(request).await.unwrap()).await
    }

    /// Fills in the form of a page and sends it: what is not named stays as the page has it.
    pub async fn answer(&self, page: &Page, number: TicketNumber, changed: &[(&str, &str)]) -> Page {
        let fields = filled(page, changed);
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        self.post(&format!("/agent/tickets/{number}"), &fields).await
    }

    /// The same with files (name, type, content), in parts as browsers send them.
    pub async fn answer_with(
        &self,
        page: &Page,
        number: TicketNumber,
        changed: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Page {
        let mut body = Vec::new();
        for (name, value) in filled(page, changed) {
            let part = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.into_bytes());
        }
        for (name, content_type, bytes) in files {
            let head = format!(
                "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: {content_type}\r\n\r\n"
            );
            body.extend(head.into_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--b--\r\n");
        let request = Request::post(format!("/agent/tickets/{number}"))
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
        self.send(request.body(Body::from(body)).unwrap()).await
    }
}

/// The fields of a page's form: what is not named stays as the page has it.
fn filled<'n>(page: &Page, changed: &[(&'n str, &str)]) -> Vec<(&'n str, String)> {
    let hidden = ["csrf", "once", "seen", "was_assignee", "was_priority", "saw"];
    let mut fields: Vec<(&str, String)> = hidden.iter().map(|name| (*name, page.field(name))).collect();
    let (assignee, priority) = (fields[3].1.clone(), fields[4].1.clone());
    fields.extend([
        ("text", String::new()),
        ("visibility", "public".to_owned()),
        ("status", String::new()),
        ("assignee", assignee),
        ("priority", priority),
    ]);
    for (name, value) in changed {
        fields.retain(|(field, _)| field != name);
        fields.push((name, (*value).to_owned()));
    }
    fields
}
