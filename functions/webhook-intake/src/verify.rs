//! Signatures of Standard Webhooks, checked on the raw bytes before anything is parsed, against the desk's clock.

use crate::answer::HookError;
use axum::http::HeaderMap;
use docket_desk::Secret;
use docket_domain::Timestamp;
use standardwebhooks::Webhook;
use subtle::ConstantTimeEq as _;

/// How far a timestamp may be from now, in seconds.
const TOLERANCE_SECONDS: i64 = 300;
/// Most signatures of one call that are looked at.
const MOST_SIGNATURES: usize = 10;
/// Longest id of a call, in bytes.
const LONGEST_ID: usize = 256;

/// Checks a call against the channel's secrets; its id.
pub(crate) fn verify<'a>(
    headers: &'a HeaderMap,
    body: &[u8],
    secrets: &[Secret],
    now: Timestamp,
) -> Result<&'a str, HookError> {
    let id = header(headers, "webhook-id").ok_or(HookError::Unsigned("the header webhook-id is missing"))?;
    if id.is_empty() || id.len() > LONGEST_ID {
        return Err(HookError::Unsigned("webhook-id has 1 to 256 characters"));
    }
    let stamp = header(headers, "webhook-timestamp")
        .and_then(|text| text.parse::<i64>().ok())
        .ok_or(HookError::Unsigned(
            "the header webhook-timestamp is missing or no number of seconds",
        ))?;
    let given = header(headers, "webhook-signature")
        .ok_or(HookError::Unsigned("the header webhook-signature is missing"))?;
    // The signature first: whoever has no secret learns nothing about the desk's clock.
    let mut fits = false;
    for secret in secrets {
        let Ok(key) = Webhook::new(secret.expose()) else {
            continue;
        };
        let Ok(expected) = key.sign(id, stamp, body) else {
            continue;
        };
        for signature in given.split(' ').take(MOST_SIGNATURES) {
            fits |= bool::from(signature.as_bytes().ct_eq(expected.as_bytes()));
        }
    }
    if !fits {
        return Err(HookError::Unsigned(
            "no signature was made with a secret of this channel over this body",
        ));
    }
    let seconds = now.as_second().saturating_sub(stamp).saturating_abs();
    if seconds > TOLERANCE_SECONDS {
        return Err(HookError::Stale { seconds });
    }
    Ok(id)
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const OTHER: &str = "whsec_plJ3nmyCDGBKInavdOK15jsl";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const AT: i64 = 1_614_265_330;

    fn headers(signature: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek".parse().unwrap());
        headers.insert("webhook-timestamp", AT.to_string().parse().unwrap());
        headers.insert("webhook-signature", signature.parse().unwrap());
        headers
    }

    fn check(signature: &str, body: &[u8], secrets: &[&str], at: i64) -> Result<String, String> {
        let secrets: Vec<_> = secrets.iter().map(|secret| Secret::new(*secret)).collect();
        let now = Timestamp::from_second(at).unwrap();
        verify(&headers(signature), body, &secrets, now)
            .map(str::to_owned)
            .map_err(|error| error.to_string())
    }

    /// The vector of the Standard Webhooks libraries.
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    #[test]
    fn the_published_vector_is_accepted() {
        assert!(check(SIGNATURE, BODY, &[SECRET], AT).is_ok());
    }

    #[test]
    fn one_of_several_signatures_and_one_of_two_secrets_is_enough() {
        let several = format!("v1,AAAA v2,{} {SIGNATURE}", &SIGNATURE[3..]);
        assert!(check(&several, BODY, &[OTHER, SECRET], AT).is_ok());
    }

    #[test]
    fn another_secret_body_or_version_is_refused() {
        assert!(check(SIGNATURE, BODY, &[OTHER], AT).is_err());
        assert!(check(SIGNATURE, br#"{"test": 2432232315}"#, &[SECRET], AT).is_err());
        assert!(check(&SIGNATURE.replace("v1", "v2"), BODY, &[SECRET], AT).is_err());
        assert!(check("", BODY, &[SECRET], AT).is_err());
        assert!(check(SIGNATURE, BODY, &[], AT).is_err());
    }

    #[test]
    fn five_minutes_either_way_are_allowed_and_a_second_more_is_not() {
        assert!(check(SIGNATURE, BODY, &[SECRET], AT + 300).is_ok());
        assert!(check(SIGNATURE, BODY, &[SECRET], AT - 300).is_ok());
        assert!(check(SIGNATURE, BODY, &[SECRET], AT + 301).is_err());
        assert!(check(SIGNATURE, BODY, &[SECRET], AT - 301).is_err());
    }
}
