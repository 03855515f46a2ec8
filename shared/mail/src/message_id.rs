//! Message-IDs: reading them from a header and telling those that SES made.

/// The local part by which an id that SES gave to our mail is stored and looked up; `None` for other ids.
///
/// SES replaces the Message-ID we set by `<ses id>@<region>.amazonses.com`, in us-east-1
/// `<ses id>@email.amazonses.com`. The API answers with the SES id alone, so that is what both sides share.
pub fn ses_local_part(message_id: &str) -> Option<&str> {
    let (local, domain) = message_id.rsplit_once('@')?;
    let domain = domain.to_ascii_lowercase();
    let region = domain.strip_suffix(".amazonses.com")?;
    (!local.is_empty() && !region.is_empty() && !region.contains('.')).then_some(local)
}

/// Most ids kept of the fields with one name, the last ones: References grow with a thread, nobody looks beyond the last hundreds.
pub(crate) const MAX_IDS: usize = 500;

/// Longest id kept; the longest line RFC 5322 allows is 998.
const MAX_ID_BYTES: usize = 998;

/// The ids of a Message-ID, In-Reply-To or References header value, without angle brackets.
///
/// Ids are what stands between angle brackets, white space within removed (folding breaks long ids). A value
/// without brackets counts token by token if the token has an `@`; phrases and comments do not.
pub(crate) fn parse_ids(value: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut rest = value;
    while let Some(start) = rest.find('<') {
        let inner = &rest[start + 1..];
        let Some(end) = inner.find('>') else { break };
        let id: String = inner[..end]
            .chars()
            .filter(|c| !c.is_whitespace() && !c.is_control())
            .collect();
        // An unclosed bracket before this one: what counts is the last opening.
        let id = id.rsplit('<').next().unwrap_or_default().to_owned();
        push_id(&mut ids, id);
        rest = &inner[end + 1..];
    }
    if ids.is_empty() {
        for token in value.split(|c: char| c.is_whitespace() || c == ',') {
            let token = token.trim_matches(|c: char| c == '<' || c == '>' || c == '"' || c == ';');
            if token.contains('@') {
                push_id(&mut ids, token.chars().filter(|c| !c.is_control()).collect());
            }
        }
    }
    ids
}

fn push_id(ids: &mut Vec<String>, id: String) {
    if !id.is_empty() && id.len() <= MAX_ID_BYTES && ids.last() != Some(&id) {
        ids.push(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stand_between_angle_brackets() {
        assert_eq!(parse_ids("<a@b> (was: x)\r\n <c@d>"), ["a@b", "c@d"]);
    }

    #[test]
    fn an_id_broken_by_folding_is_joined() {
        assert_eq!(parse_ids("<abc\r\n def@host>"), ["abcdef@host"]);
    }

    #[test]
    fn an_id_without_brackets_is_read() {
        assert_eq!(parse_ids(" 123@host "), ["123@host"]);
    }

    #[test]
    fn a_phrase_is_no_id() {
        assert!(parse_ids("Your message of Monday").is_empty());
    }

    #[test]
    fn an_id_given_by_ses_is_known_by_its_local_part() {
        assert_eq!(ses_local_part("0100-a@email.amazonses.com"), Some("0100-a"));
        assert_eq!(ses_local_part("0100-a@eu-west-1.amazonses.com"), Some("0100-a"));
        assert_eq!(ses_local_part("0100-a@x.y.amazonses.com"), None);
        assert_eq!(ses_local_part("0100-a@amazonses.com"), None);
        assert_eq!(ses_local_part("0100-a@example.com"), None);
    }
}
