//! The seam to the SDK: an HTTP client that answers in process.

use std::fmt;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use bytes::Bytes;

use crate::core::Core;
use crate::wire::{WireRequest, WireResponse};

/// One actor's way into the emulation.
#[derive(Clone)]
pub(crate) struct Connector {
    pub(crate) core: Arc<Core>,
    pub(crate) actor: Arc<str>,
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector")
            .field("actor", &self.actor)
            .finish_non_exhaustive()
    }
}

impl HttpClient for Connector {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let connector = self.clone();
        HttpConnectorFuture::new(async move {
            let request = read(request).await?;
            let answer = connector.core.answer(&connector.actor, request).await?;
            write(answer)
        })
    }
}

async fn read(request: HttpRequest) -> Result<WireRequest, ConnectorError> {
    let uri = request.uri().to_owned();
    let method = request.method().to_owned();
    let rest = uri.split_once("://").map_or(uri.as_str(), |(_, rest)| rest);
    let (host, path_and_query) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
    let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
    let headers = request
        .headers()
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let body = request.into_body();
    let body = match body.bytes() {
        Some(bytes) => Bytes::copy_from_slice(bytes),
        None => ByteStream::new(body)
            .collect()
            .await
            .map_err(|cause| ConnectorError::user(Box::new(cause)))?
            .into_bytes(),
    };
    Ok(WireRequest {
        method,
        host: host.to_owned(),
        path: path.to_owned(),
        query: form_urlencoded::parse(query.as_bytes())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect(),
        headers,
        body,
    })
}

fn write(answer: WireResponse) -> Result<HttpResponse, ConnectorError> {
    let status =
        StatusCode::try_from(answer.status).map_err(|cause| ConnectorError::other(Box::new(cause), None))?;
    let mut response = HttpResponse::new(status, SdkBody::from(answer.body));
    for (name, value) in answer.headers {
        response
            .headers_mut()
            .try_append(name, value)
            .map_err(|cause| ConnectorError::other(Box::new(cause), None))?;
    }
    Ok(response)
}
