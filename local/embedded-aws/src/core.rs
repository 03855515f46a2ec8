//! All services together, and the one function that answers each call.

use std::fs::File;
use std::future::pending;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::result::ConnectorError;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::clock::Clock;
use crate::disk::Disk;
use crate::dynamodb::{Bend, DynamoDb};
use crate::fault_answers;
use crate::faults::{Fault, Service};
use crate::folder;
use crate::ids::Ids;
use crate::journal::Journal;
use crate::s3::S3;
use crate::seam::Seam;
use crate::ses::{Ses, Surroundings};
use crate::sqs::operations::Context;
use crate::sqs::{ReceiveCall, Sqs, SqsError};
use crate::ssm::Ssm;
use crate::target::Target;
use crate::turns::Turns;
use crate::wire::{WireRequest, WireResponse, json_error};
use crate::{OpenError, Storage};

/// The file in a folder that keeps everything.
const FILE: &str = "desk.sqlite";

pub(crate) struct Core {
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) journal: Journal,
    pub(crate) dynamodb: DynamoDb,
    pub(crate) sqs: Sqs,
    pub(crate) s3: S3,
    pub(crate) ses: Ses,
    pub(crate) ssm: Ssm,
    pub(crate) seam: Seam,
    turns: Turns,
    /// What keeps other processes out of the folder, and the file in it.
    folder: Option<(Arc<File>, Arc<Disk>)>,
}

impl Core {
    pub(crate) fn open(storage: Storage, clock: Clock) -> Result<Self, OpenError> {
        let (dynamodb, journal, folder) = match &storage {
            Storage::Memory => (DynamoDb::in_memory(&clock), Journal::nowhere(), None),
            Storage::Dir(folder) => {
                let held = folder::hold(folder)?;
                let disk = Arc::new(Disk::new(folder.join(FILE)));
                let dynamodb = DynamoDb::in_file(disk.clone()).map_err(OpenError::Tables)?;
                let journal = Journal::open(disk.clone()).map_err(OpenError::Services)?;
                (Ok(dynamodb), journal, Some((held, disk)))
            }
        };
        Ok(Self {
            dynamodb: dynamodb.map_err(OpenError::Tables)?,
            sqs: Sqs::load(&journal).map_err(OpenError::Services)?,
            s3: S3::load(&journal).map_err(OpenError::Services)?,
            ses: Ses::load(&journal).map_err(OpenError::Services)?,
            ssm: Ssm::load(&journal).map_err(OpenError::Services)?,
            ids: Ids::new(),
            seam: Seam::default(),
            turns: Turns::default(),
            journal,
            clock,
            folder,
        })
    }

    /// The file that keeps everything, if one does.
    pub(crate) fn disk(&self) -> Option<&Arc<Disk>> {
        self.folder.as_ref().map(|(_, disk)| disk)
    }

    /// Answers one call as the fault plan will have it.
    pub(crate) async fn answer(
        &self,
        actor: &str,
        request: WireRequest,
    ) -> Result<WireResponse, ConnectorError> {
        let Some(target) = Target::of(&request) else {
            return Ok(json_error(
                400,
                "UnknownOperationException",
                "No service here answers this.",
            ));
        };
        let fault = self.seam.meet(actor, target.service, &target.operation, || {
            target.describe(&request)
        });
        let plain = Bend::default();
        match fault {
            Fault::None => Ok(self.perform(&target, &request, plain).await),
            Fault::FailBefore(status) => Ok(fault_answers::failure(target.service, status)),
            Fault::FailAfter(status) => {
                self.perform(&target, &request, plain).await;
                Ok(fault_answers::failure(target.service, status))
            }
            Fault::ConnectionRefused => Err(refused()),
            Fault::Throttle => Ok(fault_answers::throttled(target.service)),
            Fault::Expired => Ok(fault_answers::expired(target.service)),
            Fault::TransactionConflict => match fault_answers::conflict(&target, &request) {
                Some(answer) => Ok(answer),
                None => Ok(self.perform(&target, &request, plain).await),
            },
            Fault::LoseReply => {
                self.perform(&target, &request, plain).await;
                Err(broken(io::ErrorKind::ConnectionReset))
            }
            Fault::Timeout { done } => {
                if done {
                    self.perform(&target, &request, plain).await;
                }
                Err(ConnectorError::timeout(Box::new(io::Error::from(
                    io::ErrorKind::TimedOut,
                ))))
            }
            Fault::Delay(time) => {
                tokio::time::sleep(time).await;
                Ok(self.perform(&target, &request, plain).await)
            }
            Fault::DelayReply(time) => {
                let answer = self.perform(&target, &request, plain).await;
                tokio::time::sleep(time).await;
                Ok(answer)
            }
            Fault::Duplicate { answer_second } => {
                let first = self.perform(&target, &request, plain).await;
                let second = self.perform(&target, &request, plain).await;
                Ok(if answer_second { second } else { first })
            }
            Fault::StaleIndex { writes } => {
                let bend = Bend {
                    stale_writes: Some(writes),
                    ..plain
                };
                Ok(self.perform(&target, &request, bend).await)
            }
            Fault::PartialBatch { fails } => {
                let bend = Bend {
                    fails: Some(fails),
                    ..plain
                };
                Ok(self.perform(&target, &request, bend).await)
            }
            Fault::KillBefore => self.kill(actor).await,
            Fault::KillAfter => {
                self.perform(&target, &request, plain).await;
                self.kill(actor).await
            }
        }
    }

    /// Tells that the actor is killed, and never answers.
    async fn kill(&self, actor: &str) -> Result<WireResponse, ConnectorError> {
        self.seam.kill(actor);
        pending().await
    }

    async fn perform(&self, target: &Target, request: &WireRequest, bend: Bend) -> WireResponse {
        if target.service == Service::Sqs && target.operation == "ReceiveMessage" {
            return Sqs::answer(self.receive(&request.body).await);
        }
        let _turn = self.turns.take().await;
        self.seam.timed(|| self.perform_at_once(target, request, bend))
    }

    fn perform_at_once(&self, target: &Target, request: &WireRequest, bend: Bend) -> WireResponse {
        let (operation, body) = (target.operation.as_str(), &request.body);
        let now = self.clock.now();
        match (target.service, &target.route) {
            (Service::DynamoDb, _) => self.dynamodb.call(operation, body, bend, now),
            (Service::Sqs, _) => self.sqs.call(operation, body, &self.context(bend.fails)),
            (Service::Ses, _) => self.ses.call(request, &self.surroundings()),
            (Service::Ssm, _) => self
                .ssm
                .call(operation, body, &self.journal, now.as_millisecond()),
            (Service::S3, Some(route)) => self.s3.call(route, request, &self.journal, now),
            (Service::S3, None) => json_error(400, "UnknownOperationException", ""),
        }
    }

    fn context(&self, fails: Option<u64>) -> Context<'_> {
        Context {
            ids: &self.ids,
            journal: &self.journal,
            now_ms: self.clock.now_ms(),
            fails: fails.unwrap_or_default(),
        }
    }

    pub(crate) fn surroundings(&self) -> Surroundings<'_> {
        Surroundings {
            ids: &self.ids,
            journal: &self.journal,
            sqs: &self.sqs,
            seam: &self.seam,
            now: self.clock.now(),
        }
    }

    /// Takes messages, waiting for them as long as the call allows.
    ///
    /// The wait ends when the clock has passed it or when the tokio time has, whichever comes first, so a
    /// clock that stands still does not hold a poll for ever.
    async fn receive(&self, body: &[u8]) -> Result<Option<Value>, SqsError> {
        let call = self.seam.timed(|| self.sqs.begin_receive(body))?;
        let take = || self.seam.timed(|| self.sqs.receive(&call, &self.context(None)));
        if call.wait_seconds == 0 {
            return take();
        }
        let deadline = self
            .clock
            .now()
            .saturating_add(SignedDuration::from_secs(call.wait_seconds));
        let deadline = deadline.unwrap_or(Timestamp::MAX);
        let wait = Duration::from_secs(call.wait_seconds.unsigned_abs());
        let mut wait_over = std::pin::pin!(tokio::time::sleep(wait));
        loop {
            let mut arrivals = self.sqs.arrivals(&call)?;
            if let Some(messages) = take()? {
                return Ok(Some(messages));
            }
            if self.clock.now() >= deadline {
                return Ok(None);
            }
            let wake_at = self.next_visible(&call).map_or(deadline, |at| at.min(deadline));
            tokio::select! {
                biased;
                _ = arrivals.changed() => {}
                () = self.clock.until(wake_at) => {}
                () = &mut wait_over => return take(),
            }
        }
    }

    fn next_visible(&self, call: &ReceiveCall) -> Option<Timestamp> {
        let at = self.sqs.next_visible_ms(call, self.clock.now_ms())?;
        Timestamp::from_millisecond(at).ok()
    }
}

fn broken(kind: io::ErrorKind) -> ConnectorError {
    ConnectorError::io(Box::new(io::Error::from(kind)))
}

fn refused() -> ConnectorError {
    broken(io::ErrorKind::ConnectionRefused).never_connected()
}
