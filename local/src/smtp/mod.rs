//! Mail over SMTP, for a desk of one's own: what a client hands in goes the way of `POST /_local/mail`.
//!
//! Commands and the dots of a mail are read by `smtp-proto`; what stands here is who may say what when, and how much
//! and how long. There is no TLS and no sign-in: it listens on the loopback address only.

mod connection;
mod session;

#[cfg(test)]
mod tests;

use crate::{
    server::{ServeError, listen},
    stack::LocalDesk,
};
use connection::Connection;
use docket_mail::MAX_MAIL_BYTES;
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};

/// Most recipients of one mail: as many as RFC 5321 (section 4.5.3.1.8) wants to see taken.
const MOST_RECIPIENTS: usize = 100;
/// How long the listener rests when the system gives it no connection (too many open files).
const ACCEPT_REST: Duration = Duration::from_millis(100);
/// How long a client that finds no room may take to hear so.
const MOST_TURN_AWAY: Duration = Duration::from_secs(5);

/// What a client may use up.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// Bytes of a mail.
    most_mail_bytes: usize,
    /// Time until the next line, and between two pieces of a mail: RFC 5321 (section 4.5.3.2.7) asks for five minutes.
    most_idle: Duration,
    /// Time from the first piece of a mail to its last.
    most_mail_time: Duration,
    /// Connections at once; each may hold one mail in memory.
    most_connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            most_mail_bytes: MAX_MAIL_BYTES,
            most_idle: Duration::from_secs(300),
            most_mail_time: Duration::from_secs(600),
            most_connections: 16,
        }
    }
}

/// A desk that takes mail over SMTP.
pub struct SmtpServer {
    listener: TcpListener,
    local: LocalDesk,
    limits: Limits,
}

impl SmtpServer {
    /// Listens on a port of the loopback address; 0 for any.
    pub async fn start(local: &LocalDesk, port: u16) -> Result<Self, ServeError> {
        Ok(Self {
            listener: listen(port).await?,
            local: local.clone(),
            limits: Limits::default(),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> Option<SocketAddr> {
        self.listener.local_addr().ok()
    }

    /// Serves until the process ends.
    pub async fn serve(self) {
        let room = Arc::new(Semaphore::new(self.limits.most_connections));
        loop {
            let stream = match self.listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "an SMTP connection could not be accepted");
                    tokio::time::sleep(ACCEPT_REST).await;
                    continue;
                }
            };
            match room.clone().try_acquire_owned() {
                Ok(place) => {
                    let connection = Connection::new(stream, self.limits, self.local.clone());
                    tokio::spawn(async move {
                        connection.serve().await;
                        drop(place);
                    });
                }
                Err(_) => turn_away(stream).await,
            }
        }
    }
}

async fn turn_away(mut stream: TcpStream) {
    let busy = b"421 4.3.2 Too many connections: try again later\r\n";
    // A new connection's buffer is empty: this does not wait for the client.
    let _ = tokio::time::timeout(MOST_TURN_AWAY, stream.write_all(busy)).await;
}
