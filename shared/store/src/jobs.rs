//! Jobs as stored. Each is one item, all of a desk in one partition in the order in which they were made; it is in the
//! index `due` as long as it is there: open, at when it stands still, and over, at when it is forgotten. Which are open
//! stands in an item beside them, so that there are never more than there may be. Rows that are not small lie in the bucket, written before
//! the item that names them, in the part that is cleared after three days: a crash between leaves nothing for ever.

use crate::{
    Never, StoreError,
    blob::{BlobError, UPLOAD_PREFIX, pack, unpacked},
    error::NameOperation,
    keys::{DueKind, ItemKey, due_pk, due_shard, due_sk, jobs_pk},
    parts::Jobs,
    table::{
        Role, Write,
        item::{item_with, key_of, n, s, value_in},
        page::Query,
    },
};
use aws_sdk_dynamodb::types::AttributeValue;
use docket_domain::{
    Tenant, TicketNumber,
    job::{Job, JobId, MOST_OPEN_JOBS},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Most bytes of rows that stand in the job's own item.
const MOST_BYTES_HERE: usize = 4 * 1024;

/// "Go on with this job."
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobNudge {
    /// The tenant.
    pub tenant: Tenant,
    /// The job.
    pub job: JobId,
}

/// The rows of a job, as they were sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct JobRows {
    /// Each row.
    pub rows: Vec<Value>,
    /// What all have in common, where the rows only say what it is done with.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub common: Value,
}

impl Jobs<'_> {
    /// A job.
    pub async fn get(self, id: &JobId) -> Result<Option<Job>, StoreError> {
        match self.0.get_item(&ItemKey::Job(id.clone())).await? {
            Some(mut item) => value_in(&mut item, "job").map(Some),
            None => Ok(None),
        }
    }

    /// These jobs, in any order, without those that are not there.
    pub async fn get_many(self, ids: &[JobId]) -> Result<Vec<Job>, StoreError> {
        let keys: Vec<ItemKey> = ids.iter().cloned().map(ItemKey::Job).collect();
        let items = self.0.get_items_strongly(&keys).await?;
        items
            .into_iter()
            .map(|mut item| value_in(&mut item, "job"))
            .collect()
    }

    /// The jobs that were made last, the newest first.
    pub async fn newest(self, limit: usize) -> Result<Vec<Job>, StoreError> {
        let query = Query {
            newest_first: true,
            ..Query::partition(jobs_pk(&self.0.settings.tenant), limit)
        };
        let items = self.0.query(query).await?;
        items
            .into_iter()
            .map(|mut item| value_in(&mut item, "job"))
            .collect()
    }

    /// How many jobs are open.
    pub async fn count_of_open(self) -> Result<usize, StoreError> {
        let item = self.0.get_item(&ItemKey::OpenJobs).await?;
        let open = item.as_ref().and_then(|item| item.get("open_jobs"));
        Ok(open.and_then(|open| open.as_ss().ok()).map_or(0, Vec::len))
    }

    /// The parts of a transaction that store a job that begins; they fail where as many are open as there may be.
    pub fn new_writes(self, job: &Job) -> Result<Vec<Write>, StoreError> {
        let most = MOST_OPEN_JOBS;
        let open = self
            .open_write("ADD open_jobs :job", &job.id)
            .when("attribute_not_exists(open_jobs) OR size(open_jobs) < :most")
            .with(":most", n(most));
        Ok(vec![self.write(job)?.when_new(), open])
    }

    /// The parts that take a job from what was read to what follows.
    pub fn change_writes(self, read: &Job, to: &Job) -> Result<Vec<Write>, StoreError> {
        let write = self.write(to)?.when("job_v = :read").with(":read", n(read.v));
        let is_over = read.is_open() && !to.is_open();
        let closed = is_over.then(|| self.open_write("DELETE open_jobs :job", &to.id));
        Ok([write].into_iter().chain(closed).collect())
    }

    /// The part that forgets a job.
    pub fn forget_write(self, read: &Job) -> Write {
        let key = key_of(&self.0.settings.tenant, &ItemKey::Job(read.id.clone()));
        Write::delete(&self.0.settings.tickets_table, Role::State, key)
            .when("job_v = :read")
            .with(":read", n(read.v))
    }

    fn write(self, job: &Job) -> Result<Write, StoreError> {
        let tenant = &self.0.settings.tenant;
        let mut item = item_with(tenant, &ItemKey::Job(job.id.clone()), "job", job)?;
        item.insert("job_v".to_owned(), n(job.v));
        let spread = TicketNumber(job.id.spread());
        item.insert("due_pk".to_owned(), s(due_pk(due_shard(tenant, spread))));
        let sk = due_sk(job.due_at(), DueKind::Job, tenant, spread);
        item.insert("due_sk".to_owned(), s(sk));
        Ok(Write::put(&self.0.settings.tickets_table, Role::State, item))
    }

    fn open_write(self, expression: &str, job: &JobId) -> Write {
        let key = key_of(&self.0.settings.tenant, &ItemKey::OpenJobs);
        Write::update(&self.0.settings.tickets_table, Role::State, key, expression)
            .with(":job", AttributeValue::Ss(vec![job.as_str().to_owned()]))
    }

    /// Stores the rows of a job: in its item where they are small, else by themselves.
    pub async fn put_rows(self, job: &mut Job, rows: &JobRows) -> Result<(), StoreError> {
        let json = serde_json::to_string(rows).map_err(unreadable)?;
        if json.len() <= MOST_BYTES_HERE {
            job.rows = Some(json);
            return Ok(());
        }
        let packed = pack(json.as_bytes())?;
        let key = self.rows_key(&job.id);
        self.0.blobs().put_object(&key, packed, "application/zstd").await
    }

    /// The rows of a job.
    pub async fn rows(self, job: &Job) -> Result<JobRows, BlobError> {
        match &job.rows {
            Some(json) => Ok(serde_json::from_str(json).map_err(unreadable)?),
            None => {
                let packed = self.0.blobs().object(&self.rows_key(&job.id)).await?;
                Ok(unpacked(&packed)?)
            }
        }
    }

    /// Throws the rows of a job away that lie by themselves; where there are none, nothing.
    pub async fn forget_rows(self, id: &JobId) -> Result<(), StoreError> {
        let delete = self.0.clients.s3.delete_object();
        let delete = delete.bucket(&self.0.settings.bucket).key(self.rows_key(id));
        delete.send().await.named("DeleteObject")?;
        Ok(())
    }

    /// No token of files that wait has this name: a token has 52 letters.
    fn rows_key(self, id: &JobId) -> String {
        format!("{UPLOAD_PREFIX}{}/jobs/{id}", self.0.settings.tenant)
    }
}

fn unreadable(error: serde_json::Error) -> StoreError {
    Never::unreadable("rows", error.to_string()).into()
}
