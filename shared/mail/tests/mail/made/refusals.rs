//! What hosts say when they refuse a mail, by the host's software or operator, with what it means for the mailbox.
//!
//! Known from the documentation of the programs and operators named (postfix `access(5)` and its source's replies,
//! exim's specification, chapter 49, Google's and Microsoft's lists of SMTP errors, RFC 5248's registry, RFC 7372,
//! RFC 7505) and from refusals as they are shown in public questions. `{to}` is the recipient, `{from}` our address,
//! `{ip}` our host.

/// What a refusal means for the mailbox it was given for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// There is no such mailbox.
    Gone,
    /// It lives, or nothing is said about it.
    Alive,
}

/// When the host refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    Connect,
    Helo,
    MailFrom,
    RcptTo,
    Data,
    /// Never refused by a host: found out by our own.
    Local,
}

pub struct Refusal {
    pub said: &'static str,
    /// As our host reports it.
    pub status: &'static str,
    pub fate: Fate,
    pub stage: Stage,
}

const fn gone(status: &'static str, said: &'static str) -> Refusal {
    Refusal {
        said,
        status,
        fate: Fate::Gone,
        stage: Stage::RcptTo,
    }
}

const fn alive(stage: Stage, status: &'static str, said: &'static str) -> Refusal {
    Refusal {
        said,
        status,
        fate: Fate::Alive,
        stage,
    }
}

use Stage::{Connect, Data, Helo, Local, MailFrom, RcptTo};

#[rustfmt::skip]
pub const REFUSALS: &[Refusal] = &[
    // The mailbox is not there.
    gone("5.1.1", "550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking the recipient's email address for typos or 550-5.1.1 unnecessary spaces. 550 5.1.1 https://support.google.com/mail/?p=NoSuchUser a1si12 - gsmtp"),
    gone("5.1.1", "550 5.1.1 <{to}>: Recipient address rejected: User unknown in virtual mailbox table"),
    gone("5.1.1", "550 5.1.1 <{to}>: Recipient address rejected: User unknown in local recipient table"),
    gone("5.1.1", "550 5.1.1 <{to}>: Recipient address rejected: User unknown in relay recipient table"),
    gone("5.1.1", "550 5.1.1 <{to}>: Recipient address rejected: undeliverable address: host mx.b.example[192.0.2.4] said: 550 5.1.1 User unknown (in reply to RCPT TO command)"),
    gone("5.1.1", "550 5.1.1 <{to}>... User unknown"),
    gone("5.1.1", "550 5.1.1 {to}... No such user here"),
    gone("5.1.1", "550 5.1.1 RESOLVER.ADR.RecipNotFound; not found"),
    gone("5.1.1", "550 5.1.1 RESOLVER.ADR.ExRecipNotFound; not found"),
    gone("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {to} not found by SMTP address lookup"),
    gone("5.0.0", "554 delivery error: dd This user doesn't have a yahoo.com account ({to}) [0] - mta4011.mail.bf1.yahoo.com"),
    gone("5.1.1", "550 5.1.1 <{to}>: user does not exist"),
    gone("5.1.1", "550 5.1.1 <{to}> User doesn't exist: {to}"),
    gone("5.1.1", "550 sorry, no mailbox here by that name (#5.1.1 - chkuser)"),
    gone("5.0.0", "550 Message was not accepted -- invalid mailbox. Local mailbox {to} is unavailable: user not found"),
    gone("5.7.1", "550 5.7.1 No such user!"),
    gone("5.1.1", "550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]"),
    gone("5.1.1", "550 5.1.1 Not our Customer"),
    gone("5.0.0", "550 Unknown user"),
    gone("5.0.0", "550 No Such User Here"),
    gone("5.0.0", "550 {to} no such address here"),
    gone("5.0.0", "550 Invalid Recipient - https://community.mimecast.com/docs/DOC-1369#550 [abcDEF12345]"),
    gone("5.1.1", "550 5.1.1 User Unknown"),
    gone("5.0.0", "550 Mailbox not found. http://service.mail.qq.com/cgi-bin/help?subtype=1&&id=20022"),
    gone("5.0.0", "550 User not found: {to}"),
    gone("5.1.1", "550 5.1.1 Mailbox does not exist"),
    gone("5.1.1", "550 5.1.1 unknown or illegal alias: {to}"),
    gone("5.1.1", "550 5.1.1 The email account that you tried to reach does not exist"),
    gone("5.0.0", "550 Invalid recipient: <{to}>"),
    gone("5.1.6", "550 5.1.6 recipient no longer on server: {to}"),
    gone("5.0.0", "550 Addressee unknown, relay=[{ip}]"),
    gone("5.1.1", "553 5.1.1 sorry, your envelope recipient has been denied: no mailbox by that name"),
    gone("5.1.1", "550-5.1.1 unknown recipient 550 5.1.1 {to}"),
    gone("5.2.1", "550 5.1.1 Recipient unknown - no such mailbox"),
    gone("5.0.0", "550 Requested action not taken: no such mailbox"),
    gone("5.1.1", "550 5.1.1 Benutzer unbekannt / user unknown"),
    gone("5.1.1", "550 5.1.1 <{to}> is not a valid mailbox"),
    gone("5.0.0", "511 sorry, no mailbox here by that name (#5.1.1)"),
    gone("5.1.1", "550 #5.1.1 user unknown: {to}"),
    gone("5.1.1", "550 5.1.1 Mail address not found in directory / recipient not found"),
    // Switched off, full, too big: none says that the mailbox is gone for good.
    alive(RcptTo, "5.2.1", "550 5.2.1 This mailbox has been blocked due to inactivity"),
    alive(RcptTo, "5.2.1", "550-5.2.1 The user you are trying to contact is receiving mail at a rate that 550 5.2.1 prevents additional messages from being delivered. https://support.google.com/mail/?p=ReceivingRatePerm"),
    alive(RcptTo, "4.2.1", "450-4.2.1 The user you are trying to contact is receiving mail too quickly. Please resend your message at a later time. If the user is able to receive mail at that time, your message will be delivered."),
    alive(RcptTo, "5.2.2", "552-5.2.2 The email account that you tried to reach is over quota and inactive. 552 5.2.2 https://support.google.com/mail/?p=OverQuotaPerm"),
    alive(RcptTo, "5.2.2", "552 5.2.2 <{to}>: Mailbox is full / Blocks limit exceeded / Inode limit exceeded"),
    alive(RcptTo, "5.2.2", "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded; Failed to process message due to a permanent exception"),
    alive(RcptTo, "5.0.0", "552 Requested mail action aborted: exceeded storage allocation"),
    alive(RcptTo, "5.5.0", "552 5.5.0 Boite du destinataire pleine. Recipient overquota."),
    alive(RcptTo, "5.0.0", "550 {to} has exceeded his disk space limit. Mailbox quota exceeded"),
    alive(RcptTo, "4.2.2", "452 4.2.2 <{to}> Quota exceeded (mailbox for user is full)"),
    alive(Data, "5.3.4", "552 5.3.4 Message size exceeds fixed limit"),
    alive(Data, "5.2.3", "550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient"),
    alive(MailFrom, "5.3.4", "552 5.3.4 Error: message file too big"),
    alive(Data, "5.0.0", "552 Message size exceeds maximum permitted"),
    // The contents.
    alive(Data, "5.7.1", "550-5.7.1 [{ip} 12] Our system has detected that this message is likely unsolicited mail. To reduce the amount of spam sent to Gmail, this message has been blocked. 550 5.7.1 https://support.google.com/mail/?p=UnsolicitedMessageError"),
    alive(Data, "5.7.1", "554 5.7.1 Message rejected under suspicion of SPAM; https://ya.cc/1IrBc"),
    alive(Data, "5.0.0", "550 spam message rejected. Please visit http://help.mail.ru/notspam-support/id?c=abc or report details to abuse@corp.mail.ru. Error code: 12AB."),
    alive(Data, "5.6.0", "554 5.6.0 Message contains a virus (Eicar-Test-Signature)"),
    alive(Data, "5.7.1", "550 5.7.1 Message content rejected, UBE, id=12345-01"),
    alive(Data, "5.0.0", "554 DT:SPM 163 smtp5,D9GowABnT1234,,2016 please see http://mail.163.com/help/help_spam_16.htm"),
    alive(Data, "5.0.0", "550 High probability of spam"),
    alive(Data, "5.0.0", "550 Mail content denied. http://service.mail.qq.com/cgi-bin/help?subtype=1&&id=20022"),
    alive(Data, "5.7.0", "552-5.7.0 This message was blocked because its content presents a potential 552-5.7.0 security issue. 552 5.7.0 https://support.google.com/mail/?p=BlockedMessage"),
    // Our sender, our host, our authentication.
    alive(Data, "5.7.26", "550-5.7.26 This mail has been blocked because the sender is unauthenticated. Gmail requires all senders to authenticate with either SPF or DKIM. 550 5.7.26 https://support.google.com/mail/answer/81126#authentication"),
    alive(Data, "5.7.1", "550 5.7.1 Unauthenticated email from d.example is not accepted due to domain's DMARC policy. Please contact the administrator of d.example domain"),
    alive(Data, "5.7.509", "550 5.7.509 Access denied, sending domain d.example does not pass DMARC verification and has a DMARC policy of reject."),
    alive(Data, "5.7.9", "554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes"),
    alive(RcptTo, "5.7.606", "550 5.7.606 Access denied, banned sending IP [{ip}]. To request removal from this list please visit https://sender.office.com/"),
    alive(RcptTo, "5.7.1", "554 5.7.1 Service unavailable; Client host [{ip}] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/{ip}"),
    alive(Connect, "5.7.1", "554 5.7.1 {ip} is listed on a block list; no such service for you"),
    alive(Connect, "5.7.1", "554 mx.b.example ESMTP not accepting messages from {ip}: poor reputation"),
    alive(MailFrom, "5.7.1", "550 5.7.1 Service unavailable, Client host [{ip}] blocked using Spamhaus. To request removal from this list see https://www.spamhaus.org/query/ip/{ip} (S3150)"),
    alive(MailFrom, "5.1.8", "550 5.1.8 <{from}>: Sender address rejected: Domain not found"),
    alive(MailFrom, "5.1.8", "553 5.1.8 <{from}>... Domain of sender address {from} does not exist"),
    alive(RcptTo, "5.1.7", "550 5.1.7 <{from}>: Sender address rejected: undeliverable address: host mx.d.example[192.0.2.7] said: 550 5.1.1 <{from}>: User unknown (in reply to RCPT TO command)"),
    alive(RcptTo, "5.1.0", "550 5.1.0 <{from}>: Sender address rejected: User unknown in virtual mailbox table"),
    alive(RcptTo, "5.0.0", "550-Verification failed for <{from}> 550-The mail server could not deliver mail to {from}. The account or domain may not exist, they may be blacklisted, or missing the proper dns entries. 550 Sender verify failed"),
    alive(RcptTo, "5.0.0", "550-Callout verification failed: 550 User unknown 550 Sender verify failed"),
    alive(MailFrom, "5.7.27", "550 5.7.27 Sender address has null MX"),
    alive(MailFrom, "5.7.1", "550 5.7.1 <{from}>: Sender address rejected: Access denied"),
    alive(RcptTo, "5.7.1", "554 5.7.1 <{to}>: Relay access denied"),
    alive(RcptTo, "5.7.1", "550 5.7.1 <{to}>... Relaying denied. IP name lookup failed [{ip}]"),
    alive(RcptTo, "5.7.1", "550 5.7.1 Unable to relay for {to}"),
    alive(RcptTo, "5.7.64", "550 5.7.64 TenantAttribution; Relay Access Denied"),
    alive(RcptTo, "5.7.1", "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"),
    alive(RcptTo, "5.0.0", "550 relay not permitted"),
    alive(Helo, "5.5.2", "504 5.5.2 <desk>: Helo command rejected: need fully-qualified hostname"),
    alive(Helo, "5.7.1", "550 5.7.1 <d.example>: Helo command rejected: Host not found"),
    alive(Helo, "4.7.1", "450 4.7.1 <d.example>: Helo command rejected: Host not found"),
    alive(Connect, "4.7.1", "450 4.7.1 Client host rejected: cannot find your reverse hostname, [{ip}]"),
    alive(RcptTo, "5.7.1", "550 5.7.1 Client host rejected: cannot find your hostname, [{ip}]"),
    alive(Data, "5.7.25", "550-5.7.25 [{ip}] The IP address sending this message does not have a PTR record setup, or the corresponding forward DNS entry does not point to the sending IP. 550 5.7.25 https://support.google.com/mail/answer/81126#ip-practices"),
    alive(MailFrom, "5.0.0", "551 Server access mta.d.example forbidden by invalid RDNS record of your mail server ({ip})."),
    alive(Connect, "5.0.0", "550 {ip} has no reverse DNS; unknown host, access denied"),
    alive(Helo, "5.0.0", "550 HELO argument does not match calling host: unknown host d.example"),
    alive(RcptTo, "5.7.23", "550 5.7.23 <{to}>: Recipient address rejected: Message rejected due to: SPF fail - not authorized. Please see http://www.openspf.net/Why"),
    alive(MailFrom, "5.7.0", "530 5.7.0 Must issue a STARTTLS command first"),
    alive(MailFrom, "5.7.8", "535 5.7.8 Error: authentication failed: user unknown"),
    alive(RcptTo, "5.7.1", "550 5.7.1 RESOLVER.RST.AuthRequired; authentication required"),
    alive(RcptTo, "5.7.1", "550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized"),
    alive(RcptTo, "5.7.133", "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery restriction check failed because the sender was not authenticated when sending to this group"),
    alive(RcptTo, "5.7.1", "550 5.7.1 Mail from {from} to {to} is not allowed by policy"),
    // Rates, and what passes.
    alive(MailFrom, "4.7.0", "421 4.7.0 [TSS04] Messages from {ip} temporarily deferred due to user complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes"),
    alive(RcptTo, "4.7.1", "451 4.7.1 Greylisting in action, please come back later"),
    alive(RcptTo, "4.2.0", "450 4.2.0 <{to}>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/b.example.html"),
    alive(RcptTo, "4.3.0", "451 4.3.0 <{to}>: Temporary lookup failure"),
    alive(RcptTo, "4.1.1", "450 4.1.1 <{to}>: Recipient address rejected: User unknown in local recipient table"),
    alive(RcptTo, "4.1.1", "450 4.1.1 <{to}>: Recipient address rejected: unverified address: Address verification in progress"),
    alive(Data, "5.4.5", "550-5.4.5 Daily user sending limit exceeded. For more information on Gmail 550 5.4.5 sending limits go to https://support.google.com/a/answer/166852"),
    alive(RcptTo, "5.0.0", "550 rate limit exceeded: too many mails from {ip} in this hour, no such allowance"),
    alive(RcptTo, "4.5.3", "452 4.5.3 Error: too many recipients"),
    alive(RcptTo, "4.7.500", "451 4.7.500 Server busy. Please try again later from [{ip}]. (S77719)"),
    alive(Data, "5.4.6", "554 5.4.6 Too many hops 26 (25 max): from <{from}> via mx.b.example, to <{to}>"),
    alive(RcptTo, "5.4.6", "554 5.4.14 Hop count exceeded - possible mail loop ATTR34"),
    // Our own host did not get through.
    alive(Local, "4.4.1", "connect to mx.b.example[192.0.2.4]:25: Connection timed out"),
    alive(Local, "4.4.1", "connect to mx.b.example[192.0.2.4]:25: Connection refused"),
    alive(Local, "4.4.1", "connect to mx.b.example[192.0.2.4]:25: No route to host"),
    alive(Local, "4.4.1", "connect to mx.b.example[2001:db8::4]:25: Network is unreachable"),
    alive(Local, "4.4.2", "lost connection with mx.b.example[192.0.2.4] while receiving the initial server greeting"),
    alive(Local, "4.4.2", "conversation with mx.b.example[192.0.2.4] timed out while sending RCPT TO"),
    alive(Local, "4.4.3", "Host or domain name not found. Name service error for name=b.example type=MX: Host not found, try again"),
    alive(Local, "4.4.3", "Name service error for domain b.example: Host not found, try again"),
    alive(Local, "4.7.4", "TLS is required, but was not offered by host mx.b.example[192.0.2.4]"),
    alive(Local, "5.4.6", "mail for b.example loops back to myself"),
    alive(Local, "4.7.5", "Server certificate not trusted"),
];
