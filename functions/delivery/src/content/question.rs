//! The question whether a ticket is solved, with the link to the page that takes the answer.

use crate::{DeliveryError, signing_key::signing_key};
use docket_desk::Desk;
use docket_domain::TicketNumber;

/// The question.
pub(super) struct Question {
    number: TicketNumber,
    /// Nothing where the desk does not know its own address, or has no key to sign with: a reply answers just as well.
    link: Option<String>,
}

impl Question {
    /// The question about a ticket.
    pub async fn of(desk: &Desk, number: TicketNumber) -> Result<Self, DeliveryError> {
        let root = desk.settings.public_url.as_str();
        if root.is_empty() {
            return Ok(Self { number, link: None });
        }
        let key = signing_key(desk).await?.ok();
        let tenant = desk.settings.tenant.as_str();
        let token = key.and_then(|key| docket_mail::sign_solution(&key, tenant, number.0));
        let link = token.map(|token| format!("{root}/portal/solution/{token}"));
        Ok(Self { number, link })
    }

    /// In plain text, without a line end.
    pub fn text(&self) -> String {
        let marked = format!("We have marked ticket {} as solved.", self.number);
        match &self.link {
            Some(link) => format!(
                "{marked} Is it? Please tell us here:\n{link}\n\nIf it is not, you can also just reply to this mail."
            ),
            None => format!("{marked} If it is not, just reply to this mail."),
        }
    }

    /// As paragraphs of HTML.
    pub fn html(&self) -> String {
        let Some(link) = &self.link else {
            return docket_mail::paragraphs(&self.text());
        };
        let link = link
            .replace('&', "&amp;")
            .replace('"', "&quot;")
            .replace('<', "&lt;");
        format!(
            "<p>We have marked ticket {} as solved. <a href=\"{link}\">Please tell us whether it is.</a></p>\n\
             <p>If it is not, you can also just reply to this mail.</p>\n",
            self.number
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(link: Option<&str>) -> Question {
        Question {
            number: TicketNumber(7),
            link: link.map(str::to_owned),
        }
    }

    #[test]
    fn with_a_link_the_answer_is_one_click_away() {
        let asked = question(Some("https://desk.example/portal/solution/7.1.a"));
        assert_eq!(
            asked.text(),
            "We have marked ticket 7 as solved. Is it? Please tell us here:\n\
             https://desk.example/portal/solution/7.1.a\n\n\
             If it is not, you can also just reply to this mail."
        );
        assert!(
            asked
                .html()
                .contains("<a href=\"https://desk.example/portal/solution/7.1.a\">")
        );
    }

    #[test]
    fn without_one_a_reply_is_asked_for() {
        let asked = question(None);
        assert_eq!(
            asked.text(),
            "We have marked ticket 7 as solved. If it is not, just reply to this mail."
        );
        assert!(!asked.html().contains("href"), "{}", asked.html());
    }

    #[test]
    fn an_address_can_not_leave_its_attribute() {
        let asked = question(Some("https://desk.example/\"><b>&"));
        assert!(
            asked
                .html()
                .contains("href=\"https://desk.example/&quot;>&lt;b>&amp;\""),
            "{}",
            asked.html()
        );
    }
}
