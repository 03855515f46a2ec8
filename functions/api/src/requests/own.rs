//! Fields and forms of the operator's own on a request: those that customers see and fill in.

use super::fields::RequestFields;
use crate::{
    fields::values::{FilledBy, SentValues},
    kit::error::ApiError,
};
use docket_desk::Desk;
use docket_domain::ticket::{Ticket, Update};

impl RequestFields {
    /// What is said of the operator's own fields and forms, on a new request or on this one; nothing else.
    pub async fn own(&self, desk: &Desk, ticket: Option<&Ticket>) -> Result<Update, ApiError> {
        let fields = SentValues::read(
            desk,
            [&self.fields, &self.custom_fields],
            ticket,
            FilledBy::Customer,
        )
        .await?;
        let stands = ticket.and_then(|ticket| ticket.form);
        let form = self.ticket_form_id.filter(|form| *form != stands);
        if fields.is_empty() && form.is_none() {
            return Ok(Update::default());
        }
        let book = desk.rules().newest_book().await?;
        let book = &book.rules.fields;
        for name in fields.keys() {
            let field = book.named(name);
            if !field.is_some_and(|field| field.visible_in_portal && field.editable_in_portal) {
                let place = format!("custom_fields.{name}");
                return Err(ApiError::invalid(&place, "is no field that customers fill in"));
            }
        }
        if ticket.is_some() && form.is_some() {
            let words = "stays as it was when the request was made";
            return Err(ApiError::invalid("ticket_form_id", words));
        }
        if let Some(id) = form.flatten()
            && !book
                .form(id)
                .is_some_and(|form| form.is_active && form.end_user_visible)
        {
            return Err(ApiError::invalid(
                "ticket_form_id",
                "is no form that customers see",
            ));
        }
        Ok(Update {
            fields,
            form,
            ..Update::default()
        })
    }
}
