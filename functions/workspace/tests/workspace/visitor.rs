//! A browser that keeps its cookies, before and after a sign-in.

use crate::{browser::Page, provider::Provider};
use axum::{
    Router,
    body::Body,
    http::{Request, header},
};
use std::collections::BTreeMap;
use tower::ServiceExt as _;

/// The browser.
#[derive(Clone)]
pub struct Visitor {
    pub app: Router,
    pub cookies: BTreeMap<String, String>,
    pub agent: &'static str,
}

impl Visitor {
    pub fn new(app: &Router) -> Self {
        Self {
            app: app.clone(),
            cookies: BTreeMap::new(),
            agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        }
    }

    pub async fn get(&mut self, path: &str) -> Page {
        let request = self.request("GET", path).body(Body::empty()).unwrap();
        self.send(request).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body));
        self.send(request.unwrap()).await
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "127.0.0.1:3000")
            .header(header::USER_AGENT, self.agent)
            .header(header::COOKIE, cookies.join("; "))
    }

    async fn send(&mut self, request: Request<Body>) -> Page {
        let page = Page::of(self.app.clone().oneshot(request).await.unwrap()).await;
        for cookie in page.headers.get_all(header::SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        page
    }

    /// Goes to the provider; where it was sent.
    pub async fn leave(&mut self, next: &str) -> String {
        let page = self.get(&format!("/agent/sign-in/provider?next={next}")).await;
        assert_eq!(page.status.as_u16(), 303, "{}", page.text());
        page.header("location").to_owned()
    }

    /// Goes to the provider, says who it is there, and comes back.
    pub async fn sign_in(&mut self, provider: &Provider) -> Page {
        let address = self.leave("").await;
        self.get(&provider.allow(&address)).await
    }

    pub async fn is_in(&mut self) -> bool {
        self.get("/agent/tickets").await.status.as_u16() == 200
    }
}
