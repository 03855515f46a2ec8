//! One connection: bytes to commands and mails, and the answers back.

use super::{
    Limits,
    session::{Session, Step},
};
use crate::{mail_in::Envelope, stack::LocalDesk};
use embedded_aws::Verdicts;
use smtp_proto::request::receiver::DataReceiver;
use std::{io, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    time::{Instant, timeout, timeout_at},
};

/// Longest command with its line end. RFC 5321 asks for 512 bytes, SMTPUTF8 and parameters for some more.
const MOST_LINE_BYTES: usize = 4_096;
/// Mistakes after which a client is no mail program.
const MOST_MISTAKES: u32 = 20;
/// Bytes asked of the system at once.
const READ_BYTES: usize = 64 * 1024;

/// What ends a connection from this side or theirs. Nothing that was acknowledged is lost by it.
#[derive(Debug, thiserror::Error)]
pub(super) enum Ended {
    /// The client hung up.
    #[error("the client hung up")]
    HungUp,
    /// The client took too long.
    #[error("the client took too long")]
    Stalled,
    /// The connection broke.
    #[error("the connection broke")]
    Broken(#[from] io::Error),
}

/// A client that is listened to.
pub(super) struct Connection<S> {
    stream: S,
    /// Read and not yet understood: a client may send ahead.
    ahead: Vec<u8>,
    limits: Limits,
    local: LocalDesk,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    pub(super) fn new(stream: S, limits: Limits, local: LocalDesk) -> Self {
        Self {
            stream,
            ahead: Vec::new(),
            limits,
            local,
        }
    }

    /// Serves the client until it quits, hangs up, stalls or blunders too often.
    pub(super) async fn serve(mut self) {
        match self.converse().await {
            Err(Ended::Stalled) => {
                // It may not read this, either.
                let _ = self.say("421 4.4.2 Too slow: hanging up").await;
            }
            Err(error) => tracing::debug!(%error, "an SMTP connection ended early"),
            Ok(()) => {}
        }
        let _ = timeout(Duration::from_secs(1), self.stream.shutdown()).await;
    }

    async fn converse(&mut self) -> Result<(), Ended> {
        let mut session = Session::new(self.limits.most_mail_bytes);
        let mut mistakes = 0;
        self.say("220 docket.local ESMTP Docket").await?;
        loop {
            let Some(line) = self.read_line().await? else {
                return self.say("500 5.5.2 That line is too long").await;
            };
            match session.line(&line) {
                Step::Reply(text) => self.say(&text).await?,
                Step::Refuse(text) => {
                    self.say(&text).await?;
                    mistakes += 1;
                    if mistakes >= MOST_MISTAKES {
                        return self.say("421 4.7.0 Too many mistakes: hanging up").await;
                    }
                }
                Step::TakeMail(text) => {
                    self.say(text).await?;
                    let raw = self.read_mail().await?;
                    let answer = self.store(session.take_envelope(), raw).await;
                    self.say(&answer).await?;
                }
                Step::Close(text) => return self.say(text).await,
            }
        }
    }

    async fn say(&mut self, text: &str) -> Result<(), Ended> {
        let line = format!("{text}\r\n");
        match timeout(self.limits.most_idle, self.stream.write_all(line.as_bytes())).await {
            Ok(written) => Ok(written?),
            Err(_) => Err(Ended::Stalled),
        }
    }

    /// The next line with its end; nothing when it is too long.
    async fn read_line(&mut self) -> Result<Option<Vec<u8>>, Ended> {
        let until = Instant::now() + self.limits.most_idle;
        let mut seen = 0;
        loop {
            if let Some(at) = self.ahead[seen..].iter().position(|byte| *byte == b'\n') {
                let rest = self.ahead.split_off(seen + at + 1);
                let line = std::mem::replace(&mut self.ahead, rest);
                return Ok((line.len() <= MOST_LINE_BYTES).then_some(line));
            }
            seen = self.ahead.len();
            if seen > MOST_LINE_BYTES {
                return Ok(None);
            }
            self.read_more(until).await?;
        }
    }

    /// A mail without the dots that were put before its lines; nothing when it is larger than allowed.
    async fn read_mail(&mut self) -> Result<Option<Vec<u8>>, Ended> {
        let until = Instant::now() + self.limits.most_mail_time;
        let (mut receiver, mut mail, mut too_large) = (DataReceiver::new(), Vec::new(), false);
        // The receiver looks for a dot after a line's end: here is the end of the line before the first.
        receiver.ingest(&mut b"\r\n".iter(), &mut Vec::new());
        loop {
            let ahead = std::mem::take(&mut self.ahead);
            let mut bytes = ahead.iter();
            let is_whole = receiver.ingest(&mut bytes, &mut mail);
            too_large |= mail.len() > self.limits.most_mail_bytes;
            if too_large {
                // It is read to its end, so that the client hears why, but not kept.
                mail = Vec::new();
            }
            if is_whole {
                self.ahead = bytes.as_slice().to_vec();
                return Ok((!too_large).then_some(mail));
            }
            self.read_more(until.min(Instant::now() + self.limits.most_idle))
                .await?;
        }
    }

    async fn read_more(&mut self, until: Instant) -> Result<(), Ended> {
        self.ahead.reserve(READ_BYTES);
        match timeout_at(until, self.stream.read_buf(&mut self.ahead)).await {
            Err(_) => Err(Ended::Stalled),
            Ok(Ok(0)) => Err(Ended::HungUp),
            Ok(read) => Ok(read.map(drop)?),
        }
    }

    /// Stores a mail; what the client is told. It hears 250 only of what is stored.
    async fn store(&self, envelope: Envelope, raw: Option<Vec<u8>>) -> String {
        let Some(raw) = raw else {
            return "552 5.3.4 That mail is too large".to_owned();
        };
        let local = self.local.clone();
        let stored =
            tokio::task::spawn_blocking(move || local.receive_mail(envelope, raw.into(), Verdicts::PASS))
                .await;
        match stored {
            Ok(Ok(id)) => format!("250 2.0.0 Stored as {id}"),
            Ok(Err(error)) => {
                tracing::error!(%error, "a mail that came by SMTP could not be stored; its sender was told");
                "451 4.3.0 It could not be stored: send it again later".to_owned()
            }
            Err(error) => {
                tracing::error!(%error, "storing a mail that came by SMTP ended early; its sender was told");
                "451 4.3.0 It could not be stored: send it again later".to_owned()
            }
        }
    }
}
