//! Notices without parts, of programs each of which words them in its own way: who sends, the subject, the text.
//! `{to}` is the recipient, `{said}` what was said, `{host}` the notice's host.

pub struct Wording {
    pub name: &'static str,
    pub from: &'static str,
    pub subject: &'static str,
    pub text: &'static str,
}

const fn wording(
    name: &'static str,
    from: &'static str,
    subject: &'static str,
    text: &'static str,
) -> Wording {
    Wording {
        name,
        from,
        subject,
        text,
    }
}

/// Known from the documentation and the public questions about each.
#[rustfmt::skip]
pub const WORDINGS: &[Wording] = &[
    wording("a gateway from no-reply", "Mail Gateway <no-reply@{host}>", "Mail",
        "Your message could not be delivered to the following recipient:\n\n  {to}\n\nReason: {said}\n\nThe first lines of your message:\n\n  Dear customer, your order was sent.\n"),
    wording("a daemon without a domain", "MAILER-DAEMON", "Hello",
        "Your message could not be delivered:\n\n<{to}>: {said}\n"),
    wording("CommuniGate Pro", "<MAILER-DAEMON@{host}>", "Undeliverable mail: [#42] Your order",
        "Failed to deliver to '{to}'\nSMTP module(domain b.example) reports:\n host mx.b.example says:\n {said}\n"),
    wording("IIS", "postmaster@{host}", "Delivery Status Notification (Failure)",
        "This is an automatically generated Delivery Status Notification.\n\nDelivery to the following recipients failed.\n\n       {to}\n\n{said}\n"),
    wording("Sun Messaging Server", "Internet Mail Delivery <postmaster@{host}>", "Delivery Notification: Delivery has failed",
        "This report relates to a message you sent with the following header fields:\n\n  Message-id: <out.42@desk.d.example>\n  Date: Mon, 30 Nov 2026 09:00:00 +0000\n  Subject: [#42] Your order\n\nYour message cannot be delivered to the following recipients:\n\n  Recipient address: {to}\n  Reason: Remote SMTP server has rejected address\n  Diagnostic code: smtp;{said}\n"),
    wording("SmarterMail", "System Administrator <postmaster@{host}>", "Delivery Failure",
        "Could not deliver message to the following recipient(s):\n\nFailed Recipient: {to}\nReason: Remote host said: {said}\n\n   -- The header and top 20 lines of the message follows --\n\nReceived: from desk by x; Mon, 30 Nov 2026 09:00:00 +0000\nMessage-ID: <out.42@desk.d.example>\n"),
    wording("Exchange 5.5", "System Administrator <postmaster@{host}>", "Undeliverable: [#42] Your order",
        "Your message\n\n  To:      {to}\n  Subject: [#42] Your order\n  Sent:    Mon, 30 Nov 2026 09:00:00 +0000\n\ndid not reach the following recipient(s):\n\n{to} on Mon, 30 Nov 2026 09:00:05 +0000\n    {said}\n"),
    wording("GroupWise", "Mail System <Postmaster@{host}>", "Message status - undeliverable",
        "The message that you sent was undeliverable to the following:\n        {to} ({said})\n"),
    wording("MDaemon", "MDaemon at {host} <MDaemon@{host}>", "Permanent Delivery Failure",
        "The attached message had PERMANENT fatal delivery errors!\n\nAfter one or more unsuccessful delivery attempts the attached message has\nbeen removed from the mail queue on this server.\n\nFailed address: {to}\n\n--- Session Transcript ---\n --> RCPT To:<{to}>\n <-- {said}\n--- End Transcript ---\n"),
    wording("Zoho", "mailer-daemon@mail.zoho.example", "Undelivered Mail Returned to Sender",
        "This message was created automatically by mail delivery software. A message that you sent could not be delivered to one or more of its recipients. This is a permanent error.\n\n{to}, ERROR CODE :{said}\n"),
    wording("IMail", "Postmaster <postmaster@{host}>", "Undeliverable Mail",
        "undeliverable to {to}\n{said}\n\nOriginal message follows.\n\nReceived: from desk by x; Mon, 30 Nov 2026 09:00:00 +0000\n"),
    wording("Kerio Connect", "Mail Delivery Subsystem <postmaster@{host}>", "Delivery failed: [#42] Your order",
        "Your message could not be delivered to some of its recipients.\n\n{to}\n    {said}\n"),
    wording("MailEnable", "Postmaster@{host}", "Message Delivery Failure",
        "Message Delivery Failure.\n\nMailEnable: Message could not be delivered to some recipients.\n\nThe following recipient(s) could not be reached:\n\n      Recipient: [SMTP:{to}]\n      Reason: {said}\n"),
    wording("ArGoSoft", "Mail Delivery Subsystem <postmaster@{host}>", "Delivery Failure",
        "Message to the following recipient was not delivered:\n\n{to}\n\nError: {said}\n"),
    wording("hosted Gmail of old", "Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "Delivery Status Notification (Failure)",
        "Delivery to the following recipient failed permanently:\n\n     {to}\n\nTechnical details of permanent failure:\nGoogle tried to deliver your message, but it was rejected by the server for the recipient domain b.example by mx.b.example. [192.0.2.4].\n\nThe error that the other server returned was:\n{said}\n\n----- Original message -----\n\nX-Received: by 10.1 with SMTP\n"),
    wording("GMX", "GMX Mailer Daemon <mailer-daemon@gmx.example>", "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to\none or more of its recipients. This is a permanent error. \nThe following address failed:\n\n{to}:\nSMTP error from remote server for RCPT TO command, host: mx.b.example (192.0.2.4) reason: {said}\n\n--- The header of the original message is following. ---\n\nReceived: from desk by x; Mon, 30 Nov 2026 09:00:00 +0000\n"),
    wording("T-Online", "Mail Delivery System <Mailer-Daemon@t-online.example>", "Nachricht nicht zustellbar / Mail delivery failed",
        "|------------------------- Message log follows: -------------------------|\n no valid recipients were found for this message\n|------------------------- Failed addresses follow: ---------------------|\n <{to}> ... transport remote_smtp: {said}\n|------------------------- Message text follows: ------------------------|\n\nReceived: from desk by x; Mon, 30 Nov 2026 09:00:00 +0000\n"),
    wording("ZMailer", "The Post Office <postmaster@{host}>", "Delivery reports about your message",
        "This is a collection of reports about email delivery\nprocess concerning a message you originated.\n\nFAILED:\n  Original Recipient:\n    rfc822;{to}\n  Control data:\n    smtp b.example {to}\n  Diagnostic texts:\n    <{to}>: {said}\n"),
    wording("Lotus in German", "Postmaster <postmaster@{host}>", "ZUSTELLUNGSFEHLER: [#42] Your order",
        "Ihre Nachricht\n\n  Betreff: [#42] Your order\n\nkonnte nicht zugestellt werden an:\n\n  {to}\n\nGrund:\n\n  {said}\n"),
    wording("a French host", "postmaster@{host}", "Message non distribué",
        "Votre message n'a pas pu être remis au destinataire suivant :\n\n<{to}> : {said}\n"),
    wording("a Spanish host", "MAILER-DAEMON@{host}", "Mensaje devuelto",
        "Su mensaje no pudo ser entregado a la siguiente dirección:\n\n{to}: {said}\n"),
    wording("an Italian host", "MAILER-DAEMON@{host}", "Mancata consegna",
        "Non è stato possibile recapitare il messaggio al seguente indirizzo:\n\n{to}\n{said}\n"),
    wording("a Polish host", "MAILER-DAEMON@{host}", "Wiadomość niedostarczona",
        "Wiadomość nie została dostarczona do następującego adresata:\n\n<{to}>: {said}\n"),
    wording("a Japanese host", "MAILER-DAEMON@{host}", "配信不能通知",
        "次の宛先へメールを配信できませんでした。\n\n<{to}>:\n{said}\n"),
];
