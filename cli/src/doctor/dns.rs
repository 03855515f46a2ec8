//! The one question to DNS, asked of the resolvers this machine uses.

use super::{checks::Looked, looked};
use hickory_resolver::{TokioResolver, net::NetError, proto::rr::RData};

/// The hosts that take a domain's mail, without a dot at their end; none when it has no MX record.
pub async fn mail_hosts(domain: &str) -> Looked<Vec<String>> {
    // The dot keeps the search list of this machine out.
    let found = looked(resolver())?.mx_lookup(format!("{domain}.")).await;
    let found = match found {
        Err(error) if error.is_no_records_found() => return Ok(Vec::new()),
        found => looked(found)?,
    };
    let hosts = found.answers().iter().filter_map(|record| match &record.data {
        RData::MX(mx) => Some(mx.exchange.to_utf8().trim_end_matches('.').to_owned()),
        _ => None,
    });
    Ok(hosts.collect())
}

fn resolver() -> Result<TokioResolver, NetError> {
    TokioResolver::builder_tokio()?.build()
}
