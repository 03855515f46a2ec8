//! Invoking a function with the event that AWS would give it, in its JSON form.

use crate::{stack::LocalDesk, wiring::Function};
use docket_desk::Desk;
use docket_lambda::batch::catch;
use docket_search_index::SplitsAtHand;
use egress::Outside;
use serde_json::Value;
use std::sync::Arc;

/// The functions that events invoke, each with its own handle on the desk.
#[derive(Clone)]
pub struct Functions {
    email_intake: Desk,
    triage: Desk,
    assignment: Desk,
    sla_check: Desk,
    delivery: Desk,
    egress: Desk,
    relay: Desk,
    projector: Desk,
    index: Desk,
    jobs: Desk,
    splits: Arc<SplitsAtHand>,
    outside: Arc<dyn Outside>,
}

/// An invocation that ended in an error or a panic: its source delivers the batch again.
#[derive(Debug, thiserror::Error)]
#[error("function {function} failed: {problem}")]
pub struct InvocationError {
    function: &'static str,
    problem: String,
}

impl Functions {
    /// All functions on a desk; calls to the outside go to `outside`.
    pub fn new(local: &LocalDesk, outside: Arc<dyn Outside>) -> Self {
        let desk = |function: Function| local.desk_of(function.name());
        Self {
            email_intake: desk(Function::EmailIntake),
            triage: desk(Function::Triage),
            assignment: desk(Function::Assignment),
            sla_check: desk(Function::SlaCheck),
            delivery: desk(Function::Delivery),
            egress: desk(Function::Egress),
            relay: desk(Function::Relay),
            projector: desk(Function::Projector),
            index: desk(Function::Index),
            jobs: desk(Function::Jobs),
            splits: local.splits.clone(),
            outside,
        }
    }

    /// Invokes a function; a panic is an error, as in Lambda.
    pub async fn invoke(&self, function: Function, event: Value) -> Result<Value, InvocationError> {
        let failed = |problem: String| InvocationError {
            function: function.name(),
            problem,
        };
        match catch(Box::pin(self.dispatch(function, event))).await {
            Ok(result) => result.map_err(failed),
            Err(_) => Err(failed("it panicked".to_owned())),
        }
    }

    async fn dispatch(&self, function: Function, event: Value) -> Result<Value, String> {
        match function {
            Function::EmailIntake => answer(email_intake::handle(&self.email_intake, read(event)?).await),
            Function::Triage => answer(triage::handle(&self.triage, read(event)?).await),
            Function::Assignment => answer(assignment::handle(&self.assignment, read(event)?).await),
            Function::SlaCheck => answer(sla_check::handle(&self.sla_check, event).await),
            Function::Delivery => answer(delivery::handle(&self.delivery, read(event)?).await),
            Function::Egress => answer(egress::handle(&self.egress, &*self.outside, read(event)?).await),
            Function::Relay => answer(relay::handle(&self.relay, read(event)?).await),
            Function::Projector => answer(projector::handle(&self.projector, read(event)?).await),
            Function::Jobs => answer(jobs::handle(&self.jobs, read(event)?).await),
            Function::Index => answer(index::handle(&self.index, &self.splits, read(event)?).await),
        }
    }
}

fn read<T: serde::de::DeserializeOwned>(event: Value) -> Result<T, String> {
    serde_json::from_value(event).map_err(|error| format!("the event can't be read: {error}"))
}

fn answer<T: serde::Serialize, E: std::fmt::Display>(result: Result<T, E>) -> Result<Value, String> {
    let value = result.map_err(|error| error.to_string())?;
    serde_json::to_value(value).map_err(|error| error.to_string())
}
