//! A job in the shape of a `job_status`.

use crate::kit::address::Address;
use docket_domain::job::{Job, JobKind, JobStatus, RowResult};
use serde_json::{Value, json};

/// A job as clients read it. Results come as rows are done; of more than a hundred rows those alone that failed.
pub(crate) fn job_status(address: &Address, job: &Job) -> Value {
    let results: Vec<Value> = job.results.iter().map(|row| result(job.kind, row)).collect();
    json!({
        "id": job.id,
        "job_type": words(job.kind).job_type,
        "url": address.resource(&format!("/job_statuses/{}", job.id)),
        "status": job.status,
        "total": job.total,
        "progress": job.done,
        "message": message(job),
        "results": if results.is_empty() { Value::Null } else { Value::Array(results) },
    })
}

fn message(job: &Job) -> Option<String> {
    match job.status {
        JobStatus::Queued | JobStatus::Working => None,
        JobStatus::Completed => {
            let at = job.updated_at.strftime("%Y-%m-%d %H:%M:%S +0000");
            Some(match job.failed {
                0 => format!("Completed at {at}"),
                failed => format!("Completed at {at}; {failed} of {} failed", job.total),
            })
        }
        JobStatus::Failed | JobStatus::Killed => job.why.clone(),
    }
}

fn result(kind: JobKind, row: &RowResult) -> Value {
    let (action, status) = match words(kind).action {
        // Whether it was there is known once it is done.
        "create_or_update" if row.created => ("create", "Created"),
        "create_or_update" if row.error.is_none() => ("update", "Updated"),
        action @ "create" => (action, "Created"),
        action @ "delete" => (action, "Deleted"),
        action => (action, "Updated"),
    };
    let mut result = json!({ "index": row.index, "id": row.id, "action": action });
    match &row.error {
        None => {
            result["status"] = json!(status);
            result["success"] = json!(true);
        }
        Some(error) => {
            result["status"] = json!("Failed");
            result["success"] = json!(false);
            result["error"] = json!(error.error);
            result["details"] = json!(error.details);
        }
    }
    result
}

/// What a kind of row is called.
pub(super) struct Words {
    /// The job's.
    pub job_type: &'static str,
    /// What is done with a row.
    pub action: &'static str,
    /// The record that the single call answers with; nothing where it answers with none.
    pub record: Option<&'static str>,
}

/// The words of a kind of row.
pub(super) fn words(kind: JobKind) -> Words {
    let (job_type, action, record) = match kind {
        JobKind::CreateTickets => ("Bulk Create Ticket", "create", Some("ticket")),
        JobKind::UpdateTickets => ("Bulk Update Ticket", "update", Some("ticket")),
        JobKind::DeleteTickets => ("Bulk Delete Ticket", "delete", None),
        JobKind::MarkTicketsAsSpam => ("Bulk Mark Ticket As Spam", "mark_as_spam", None),
        JobKind::DeleteTicketsPermanently => ("Permanently delete tickets", "delete", None),
        JobKind::CreateUsers => ("Bulk Create User", "create", Some("user")),
        JobKind::UpdateUsers => ("Bulk Update User", "update", Some("user")),
        JobKind::CreateOrUpdateUsers => ("Bulk Create or Update User", "create_or_update", Some("user")),
        JobKind::CreateOrganizations => ("Bulk Create Organization", "create", Some("organization")),
        JobKind::UpdateOrganizations => ("Bulk Update Organization", "update", Some("organization")),
        JobKind::DeleteOrganizations => ("Bulk Delete Organization", "delete", None),
        JobKind::CreateGroupMemberships => {
            ("Bulk Create Group Membership", "create", Some("group_membership"))
        }
        JobKind::DeleteGroupMemberships => ("Bulk Delete Group Membership", "delete", None),
        JobKind::DeleteUsers => ("Bulk Delete User", "delete", None),
        JobKind::CreateOrganizationMemberships => (
            "Bulk Create Organization Membership",
            "create",
            Some("organization_membership"),
        ),
        JobKind::DeleteOrganizationMemberships => ("Bulk Delete Organization Membership", "delete", None),
        JobKind::ImportTickets => ("Bulk Import Ticket", "create", Some("ticket")),
        JobKind::RunMacro => ("Bulk Run Macro", "update", Some("ticket")),
    };
    Words {
        job_type,
        action,
        record,
    }
}
