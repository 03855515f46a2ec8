//! One HTTP server for everything: the API, the agents' pages, webhooks, and what only a desk of one's own has.

use crate::{
    background::Background,
    faults::ArmedFaults,
    functions::Functions,
    kept::answer_once_kept,
    local_routes::{self, LocalState},
    runner,
    stack::LocalDesk,
};
use axum::{Router, middleware::from_fn_with_state};
use egress::Internet;
use std::{net::SocketAddr, sync::Arc};
use tokio::net::TcpListener;

/// A server that could not be started.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The port is taken, or not ours to take.
    #[error("port {port} can't be listened on")]
    Listen {
        /// The port.
        port: u16,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// The threads of the background could not be started.
    #[error("no threads can be started")]
    Background(#[source] std::io::Error),
    /// The server ended.
    #[error("the server ended")]
    Serve(#[source] std::io::Error),
}

/// Listens on a port of the loopback address; 0 for any.
pub(crate) async fn listen(port: u16) -> Result<TcpListener, ServeError> {
    TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], port)))
        .await
        .map_err(|cause| ServeError::Listen { port, cause })
}

/// What a desk answers over HTTP: the API, the agents' pages, webhooks. Without what only a desk of one's own has, and without its
/// event sources; and an agent's answer is saved as it is sent: nobody is there to take it back.
pub fn app_saving_at_once(local: &LocalDesk) -> Router {
    let pages = workspace::app_saving_at_once(local.desk_of("workspace"));
    kept(local, functions_with(local, pages))
}

fn functions_with(local: &LocalDesk, pages: Router) -> Router {
    Router::new()
        .merge(api::app(local.desk_of("api")))
        .merge(pages)
        .merge(webhook_intake::app(local.desk_of("webhook-intake")))
}

fn kept(local: &LocalDesk, app: Router) -> Router {
    app.layer(from_fn_with_state(local.aws.clone(), answer_once_kept))
}

/// A desk that listens.
pub struct Server {
    listener: TcpListener,
    app: Router,
    _background: Background,
}

impl Server {
    /// Starts the event sources of a desk and listens on a port of the loopback address; 0 for any.
    pub async fn start(local: &LocalDesk, port: u16) -> Result<Self, ServeError> {
        let listener = listen(port).await?;
        let armed = Arc::new(ArmedFaults::default());
        local.aws.set_fault_plan(Some(armed.clone()));
        // Whoever calls says where they reach the desk; a link in a mail has to know. A port of 0 is known only now.
        let linked = match listener.local_addr() {
            Ok(address) => local.reached_at(&format!("http://{address}")),
            Err(_) => local.clone(),
        };
        let functions = Functions::new(&linked, Arc::new(Internet::new(true)));
        let background = Background::start().map_err(ServeError::Background)?;
        let activity = runner::start(local, &functions, &background);
        let state = LocalState {
            local: local.clone(),
            activity,
            armed,
        };
        let pages = workspace::app(local.desk_of("workspace"));
        let app = kept(
            local,
            functions_with(local, pages).merge(local_routes::routes(state)),
        );
        Ok(Self {
            listener,
            app,
            _background: background,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> Option<SocketAddr> {
        self.listener.local_addr().ok()
    }

    /// Serves until the process ends.
    pub async fn serve(self) -> Result<(), ServeError> {
        axum::serve(self.listener, self.app)
            .await
            .map_err(ServeError::Serve)
    }
}
