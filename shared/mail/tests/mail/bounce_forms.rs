//! The forms in which mail systems tell of a failure, cut down to what matters, one each.

use docket_mail::Permanence::{Permanent, Temporary};
use docket_mail::Reason::{Blocked, Expired, HostUnknown, MailboxFull, Spam, Suspended, TooBig, UserUnknown};
use docket_mail::{Permanence, Reason, read, read_bounces};

struct Form {
    from: &'static str,
    subject: &'static str,
    text: &'static str,
    /// Permanence, status, reply code, reason; the address is always ann@b.example.
    expected: (Permanence, &'static str, u16, Reason),
}

const FORMS: &[Form] = &[
    Form {
        from: "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        subject: "Delivery Status Notification (Failure)",
        text: "** Address not found **\n\nYour message wasn't delivered to ann@b.example because the address couldn't be found, \
               or is unable to receive mail.\n\nThe response from the remote server was:\n550 #5.1.0 Address rejected.\n",
        expected: (Permanent, "5.1.0", 550, UserUnknown),
    },
    Form {
        from: "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        subject: "Delivery Status Notification (Delay)",
        text: "** Delivery incomplete **\n\nThere was a temporary problem delivering your message to ann@b.example. Gmail will \
               retry for 45 more hours.\n\nThe response was:\nThe recipient server did not accept our requests to connect.\n",
        expected: (Temporary, "", 0, Expired),
    },
    Form {
        from: "Mail Delivery System <MAILER-DAEMON@c.example>",
        subject: "Returned mail: User unknown",
        text: "  ----- The following addresses had permanent fatal errors -----\n\n>>> ann@b.example <ann@b.example>\n\n  \
               ----- Transcript of session follows -----\n550 sorry, no mailbox here by that name (#5.1.1 - chkuser)\n",
        expected: (Permanent, "5.1.1", 550, UserUnknown),
    },
    Form {
        from: "postmaster@c.example",
        subject: "Delivery status notification",
        text: "  ======\n  This is an automatically generated Delivery Status Notification.\n\n  Delivery to the following \
               recipients failed permanently:\n\n  * ann@b.example\n\n  ======\n       Technical details:\n\nSMTP:RCPT host \
               192.0.2.8: 553 5.3.0 <ann@b.example>... No such user here\n\n  ======\n       Original message follows:\n\n\
               From: x@c.example\n",
        expected: (Permanent, "5.3.0", 553, UserUnknown),
    },
    Form {
        from: "MAILER-DAEMON@c.example",
        subject: "failure notice",
        text: "We're sorry. There's a problem with the e-mail address(es) you're trying to send to. If you continue to have \
               problems, please contact Customer Support at (480) 624-2500.\n\n<ann@b.example>:\nchild status 100...The \
               e-mail message could not be delivered because the user's mailfolder is full.\n\n--- Below this line is a copy \
               of the message.\n\nReturn-Path: <help@desk.example>\n",
        expected: (Permanent, "", 0, MailboxFull),
    },
    Form {
        from: "Mail Delivery System <mail-daemon@c.example>",
        subject: "There was an error sending your mail",
        text: "We had trouble delivering your message. Full details follow:\n\nSubject: 'Hello'\nDate: Mon, 3 Feb 2020\n\n1 \
               error(s):\n\nSMTP Server <mx.b.example> rejected recipient <ann@b.example>\n  (Error following RCPT command). \
               It responded as follows: [550 5.1.1 Unknown user]\n",
        expected: (Permanent, "5.1.1", 550, UserUnknown),
    },
    Form {
        from: "post_master@text.example",
        subject: "Undeliverable Message",
        text: "Your message could not be delivered to mobile.\nError: No valid recipients for this MM\nMessage details:\n  \
               To: ann@b.example\n  From: help@desk.example\n",
        expected: (Permanent, "", 0, UserUnknown),
    },
    Form {
        from: "Mail System <Postmaster@c.example>",
        subject: "Message status - undeliverable",
        text: "The message that you sent was undeliverable to the following:\n        ann@b.example (Mailbox disk quota \
               exceeded)\n\nPossibly truncated original message follows:\n\nReceived: from a by b\n",
        expected: (Permanent, "", 0, MailboxFull),
    },
    Form {
        from: "postmaster@c.example",
        subject: "Unzustellbar: Hallo",
        text: "Fehler bei der Nachrichtenzustellung an folgende Empf\u{e4}nger:\n\nann@b.example\n\
               Die eingegebene E-Mail-Adresse konnte nicht gefunden werden.\n\nDiagnoseinformationen f\u{fc}r Administratoren:\n\n\
               Generierender Server: c.example\n\nann@b.example\nRemote Server returned '550 5.1.1 RESOLVER.ADR.RecipNotFound; not \
               found'\n\nUrspr\u{fc}ngliche Nachrichtenkopfzeilen:\n\nReceived: from a by b\nMessage-ID: <out@desk.example>\n",
        expected: (Permanent, "5.1.1", 550, UserUnknown),
    },
    Form {
        from: "Mail Delivery System <mailer-daemon@c.example>",
        subject: "Mail delivery failed: returning message to sender",
        text: "A message that you sent could not be delivered to one or more of its recipients.\n\n  ann@b.example\n    \
               host mx.b.example [192.0.2.1]\n    SMTP error from remote mail server after initial connection:\n    554 mx \
               refused: your IP 192.0.2.9 is listed on a blocklist\n",
        expected: (Permanent, "", 554, Blocked),
    },
    Form {
        from: "Mailer-Daemon@c.example",
        subject: "Mail delivery failed: returning message to sender",
        text: "The following address(es) failed:\n\n  ann@b.example\n    all relevant MX records point to non-existent hosts\n",
        expected: (Permanent, "", 0, HostUnknown),
    },
    Form {
        from: "MAILER-DAEMON@yandex.example",
        subject: "\u{41d}\u{435}\u{434}\u{43e}\u{441}\u{442}\u{430}\u{432}\u{43b}\u{435}\u{43d}\u{43d}\u{43e}\u{435} \
                  \u{441}\u{43e}\u{43e}\u{431}\u{449}\u{435}\u{43d}\u{438}\u{435}",
        text: "This is the mail system at host forward.yandex.example.\n\n<ann@b.example>: host mx.b.example[192.0.2.1] said: 550 \
               5.7.1 Message rejected under suspicion of SPAM (in reply to end of DATA command)\n",
        expected: (Permanent, "5.7.1", 550, Spam),
    },
    Form {
        from: "Postmaster@c.example",
        subject: "DELIVERY FAILURE: User ann (ann@b.example) not listed in Domino Directory",
        text: "Your message\n\n  Subject: Hello\n\nwas not delivered to:\n\n  ann@b.example\n\nbecause:\n\n  User ann \
               (ann@b.example) not listed in Domino Directory\n",
        expected: (Permanent, "", 0, UserUnknown),
    },
    Form {
        from: "MAILER-DAEMON@c.example (Mail Delivery System)",
        subject: "Undelivered Mail Returned to Sender",
        text: "<ann@b.example>: message size 31457280 exceeds size limit 10240000 of\n    server mx.b.example[192.0.2.1]\n",
        expected: (Permanent, "", 0, TooBig),
    },
    Form {
        from: "MAILER-DAEMON@c.example (Mail Delivery System)",
        subject: "Undelivered Mail Returned to Sender",
        text: "<ann@b.example>: connect to mx.b.example[192.0.2.1]:25: Connection timed out\n",
        expected: (Permanent, "", 0, Expired),
    },
    Form {
        from: "Mail Administrator <Postmaster@c.example>",
        subject: "Mail System Error - Returned Mail",
        text: "This Message was undeliverable due to the following reason:\n\nThe user(s) account is temporarily over \
               quota.\n\n<ann@b.example>\n\nPlease reply to Postmaster@c.example\nif you feel this message to be in error.\n",
        expected: (Permanent, "", 0, MailboxFull),
    },
    Form {
        from: "MAILER-DAEMON@c.example",
        subject: "failure notice",
        text: "Hi. This is the qmail-send program at c.example.\nI'm afraid I wasn't able to deliver your message to the \
               following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<ann@b.example>:\n\
               Connected to 192.0.2.1 but sender was rejected.\nRemote host said: 421 4.7.0 Too many connections from your \
               host\nI'm not going to try again; this message has been in the queue too long.\n\n--- Below this line is a \
               copy of the message.\n\nReturn-Path: <help@desk.example>\n",
        expected: (Temporary, "4.7.0", 421, Blocked),
    },
    Form {
        from: "MAILER-DAEMON@c.example",
        subject: "failure notice",
        text: "<ann@b.example>:\nSorry, I couldn't find any host named b.example. (#5.1.2)\n\n--- Below this line is a copy of \
               the message.\n",
        expected: (Permanent, "5.1.2", 0, HostUnknown),
    },
    Form {
        from: "MAILER-DAEMON@yahoo.com",
        subject: "Failure Notice",
        text: "Sorry, we were unable to deliver your message to the following address.\n\n<ann@b.example>:\n554: 5.7.9: Message \
               not accepted for policy reasons.\n\n--- Below this line is a copy of the message.\n",
        expected: (Permanent, "5.7.9", 554, Blocked),
    },
    Form {
        from: "Mail Delivery System <MAILER-DAEMON@icloud.example>",
        subject: "Undelivered Mail Returned to Sender",
        text: "<ann@b.example>: host mx.b.example said: 550 5.2.1\n    The email account that you tried to reach is disabled. \
               (in reply to RCPT TO command)\n",
        expected: (Permanent, "5.2.1", 550, Suspended),
    },
    Form {
        from: "mailer-daemon@c.example",
        subject: "Undelivered Mail Returned to Sender",
        text: "This message was created automatically by mail delivery software.\nA message that you sent could not be \
               delivered to one or more of its recipients. This is a permanent error.\n\n[Status: Error, Address: \
               <ann@b.example>, ResponseCode 550, 5.1.1 unknown user]\n",
        expected: (Permanent, "5.1.1", 550, UserUnknown),
    },
    Form {
        from: "postmaster@c.example",
        subject: "Delivery Status Notification (Failure)",
        text: "Impossible de remettre votre message aux destinataires suivants :\n\nann@b.example\n\n#< #5.2.2 smtp;550 5.2.2 \
               Bo\u{ee}te pleine> #SMTP#\n",
        expected: (Permanent, "5.2.2", 550, MailboxFull),
    },
    Form {
        from: "MAILER-DAEMON@c.example (Mail Delivery System)",
        subject: "Undelivered Mail Returned to Sender",
        text: "This is the Postfix program at host c.example.\n\nI'm sorry to have to inform you that the message \
               returned\nbelow could not be delivered to one or more destinations.\n\n<ann@b.example>: Name service error \
               for domain b.example: Host not\n    found, try again\n",
        expected: (Permanent, "", 0, Expired),
    },
    Form {
        from: "Mail Delivery System <Mailer-Daemon@c.example>",
        subject: "Mail delivery failed: returning message to sender",
        text: "A message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. \
               The following address(es) failed:\n\n  ann@b.example\n    host mx.b.example [192.0.2.222]\n    SMTP error \
               from remote mail server after MAIL FROM:<help@desk.example> SIZE=1024:\n    551 Server access \
               mta.b.example forbidden by invalid RDNS record of your mail server (203.0.113.2).\n",
        expected: (Permanent, "", 551, Blocked),
    },
    Form {
        from: "no-reply@isp.example",
        subject: "Mail",
        text: "Your mail sent on: Thu, 29 Apr 2021 00:00:00 +0900\n     Could not be delivered to: <ann@b.example>\n     As \
               their mailbox is full.\n",
        expected: (Permanent, "", 0, MailboxFull),
    },
    Form {
        from: "MAILER-DAEMON",
        subject: "Mail",
        text: "Here is the list of those that were not reached:\n\n<ann@b.example>: 550 5.7.1 Message refused: spam\n",
        expected: (Permanent, "5.7.1", 550, Spam),
    },
    Form {
        from: "MAILER-DAEMON",
        subject: "hello",
        text: "Your message could not be delivered.\n\n<ann@b.example>: 550 5.1.1 User unknown\n",
        expected: (Permanent, "5.1.1", 550, UserUnknown),
    },
];

#[test]
fn each_form_of_a_notice_is_read() {
    for form in FORMS {
        let mail = format!(
            "From: {}\nTo: help@desk.example\nSubject: {}\nContent-Type: text/plain; charset=utf-8\n\n{}",
            form.from, form.subject, form.text
        );
        let mail = read(mail.as_bytes(), Some("")).unwrap();
        let bounces = read_bounces(&mail).unwrap_or_else(|| panic!("no bounce: {}", form.text));
        let [bounce] = &bounces[..] else {
            panic!("{bounces:?}: {}", form.text)
        };
        assert_eq!(bounce.address.as_deref(), Some("ann@b.example"), "{}", form.text);
        let status = bounce.status.map(|status| status.to_string()).unwrap_or_default();
        let seen = (
            bounce.kind,
            status.as_str(),
            bounce.reply_code.unwrap_or_default(),
            bounce.reason,
        );
        assert_eq!(seen, form.expected, "{}", form.text);
    }
}
