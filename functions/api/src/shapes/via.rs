//! How something came, in the words that clients know.

use docket_domain::{
    contact::{comment::Comment, tells::Tells},
    ticket::{Actor, Channel},
};
use serde_json::{Value, json};

/// How a contact or a comment came.
pub(crate) fn via_channel(channel: &Channel) -> Value {
    match channel {
        Channel::Mail { mailbox } => via("email", json!({}), json!({ "address": mailbox }), None),
        Channel::Hook { channel } => via("any_channel", json!({ "channel": channel }), json!({}), None),
        Channel::Api => via("api", json!({}), json!({}), None),
        Channel::Agent | Channel::Portal => via("web", json!({}), json!({}), None),
        Channel::Phone => via("phone", json!({}), json!({}), None),
    }
}

/// How a comment came. Of a call it says who called.
pub(crate) fn via_comment(comment: &Comment) -> Value {
    match comment.tells.as_ref().and_then(Tells::call) {
        Some(call) => via("phone", json!({}), json!({}), Some(call.direction.as_str())),
        None => via_channel(&comment.channel),
    }
}

/// How a change came that brought no comment: by whom it was made. `cause` tells calls from clicks.
pub(crate) fn via_actor(actor: &Actor, cause: &str) -> Value {
    match actor {
        Actor::Rule(rule) => via(
            "rule",
            json!({ "title": rule, "deleted": false }),
            json!({}),
            Some("trigger"),
        ),
        Actor::System => via("system", json!({}), json!({}), None),
        Actor::Import(_) => via_channel(&Channel::Api),
        Actor::Requester(_) | Actor::ThirdParty(_) | Actor::Agent(_) => {
            let by_call = cause.starts_with("api#") || cause.starts_with("once#");
            via_channel(if by_call { &Channel::Api } else { &Channel::Agent })
        }
    }
}

/// The shape itself.
pub(crate) fn via(channel: &str, from: Value, to: Value, rel: Option<&str>) -> Value {
    json!({ "channel": channel, "source": { "from": from, "to": to, "rel": rel } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::PersonId;

    #[test]
    fn a_rule_stands_with_its_name() {
        let via = via_actor(&Actor::Rule("urgent words".into()), "7");
        assert_eq!(via["channel"], "rule");
        assert_eq!(via["source"]["from"]["title"], "urgent words");
    }

    #[test]
    fn an_agents_call_is_told_from_their_click() {
        let agent = Actor::Agent(PersonId(1));
        assert_eq!(via_actor(&agent, "api#abc")["channel"], "api");
        assert_eq!(via_actor(&agent, "workspace")["channel"], "web");
    }
}
