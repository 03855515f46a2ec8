#!/usr/bin/env python3
"""Mail handed in over SMTP, by a mail client that is not ours, at a desk on this machine.

A mail with an attachment to two recipients becomes their tickets and is acknowledged; more mails come on one
connection; what is too large is refused; a client that leaves within a mail leaves nothing behind.
"""

import email.message
import email.utils
import pathlib
import smtplib
import socket
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from support.http import call, wait_for  # noqa: E402
from support.processes import ROOT, TARGET, LocalDesk, build, free_port  # noqa: E402

SUBJECT = "Wo ist meine Bestellung? € 40 für Zoë"
SUPPORT = "support@in.docket.local"
UNKNOWN = "sales@in.docket.local"
FILE = b"\x00\x01\r\n.\r\n\xff" * 50_000
MOST_MAIL_BYTES = 40 * 1024 * 1024


def mail(subject, sender="Eve Müller <eve@example.com>"):
    made = email.message.EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, SUPPORT, subject
    made["Message-ID"] = email.utils.make_msgid(domain="example.com")
    made["Date"] = email.utils.localtime()
    made.set_content("Guten Tag,\n\n.eine Zeile mit Punkt\n..\nBestellung A-17 fehlt.\n")
    return made


def tickets(desk):
    return desk.api("GET", "tickets.json").json["tickets"]


def ticket_about(desk, subject):
    return next((ticket for ticket in tickets(desk) if ticket["subject"] == subject), None)


def a_mail_becomes_a_ticket(desk):
    sent = mail(SUBJECT)
    sent.add_attachment(FILE, "application", "octet-stream", filename="Beleg Nº 1.bin")
    with smtplib.SMTP("127.0.0.1", desk.smtp_port, timeout=30) as client:
        refused = client.send_message(sent, "eve@example.com", [SUPPORT, UNKNOWN])
        assert not refused, refused
        assert client.has_extn("smtputf8") and client.has_extn("8bitmime") and client.has_extn("pipelining")
        assert client.esmtp_features["size"] == str(MOST_MAIL_BYTES), client.esmtp_features
    ticket = wait_for("the mail's ticket", lambda: ticket_about(desk, SUBJECT))
    comment = desk.api("GET", f"tickets/{ticket['id']}/comments.json").json["comments"][0]
    assert ".eine Zeile mit Punkt\n..\nBestellung A-17 fehlt." in comment["plain_body"].replace("\r\n", "\n"), comment
    (attached,) = comment["attachments"]
    assert (attached["file_name"], attached["size"]) == ("Beleg Nº 1.bin", len(FILE)), attached
    acknowledgement = wait_for("the acknowledgement", lambda: acknowledged(desk, "eve@example.com"))
    assert acknowledgement["in_reply_to"] == sent["Message-ID"].strip("<>"), acknowledgement
    held = wait_for("the mail held for a mailbox we do not have", lambda: held_mails(desk))
    assert [entry["subject"] for entry in held] == [SUBJECT], held
    print(f"ticket {ticket['id']} with its attachment, acknowledged; held for {UNKNOWN}: {held[0].get('cause')}")


def acknowledged(desk, address):
    mails = call("GET", f"{desk.address}/_local/outbox").json
    return next((mail for mail in mails if mail["to"] == [address]), None)


def held_mails(desk):
    return desk.api("GET", "suspended_tickets.json").json["suspended_tickets"]


def many_mails_on_one_connection(desk):
    subjects = [f"Number {number}" for number in range(20)]
    with smtplib.SMTP("127.0.0.1", desk.smtp_port, timeout=30) as client:
        for number, subject in enumerate(subjects):
            client.send_message(mail(subject, f"c{number}@example.com"), f"c{number}@example.com", [SUPPORT])
    wait_for("all of their tickets", lambda: set(subjects) <= {ticket["subject"] for ticket in tickets(desk)})
    print(f"{len(subjects)} mails on one connection: {len(subjects)} tickets")


def what_is_too_large_is_refused(desk):
    with smtplib.SMTP("127.0.0.1", desk.smtp_port, timeout=60) as client:
        # Not announced, so that it is the mail itself that is measured.
        client.ehlo()
        client.mail("eve@example.com")
        client.rcpt(SUPPORT)
        code, _ = client.data(b"Subject: large\r\n\r\n" + b"x" * 70 * 1024 * 1024)
        assert code == 552, code
        assert client.noop()[0] == 250
    print("a mail of 70 MB: 552")


def a_client_that_leaves_within_a_mail_leaves_nothing(desk):
    with socket.create_connection(("127.0.0.1", desk.smtp_port), 30) as client:
        client.sendall(f"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<{SUPPORT}>\r\nDATA\r\nSubject: half\r\n".encode())
        client.recv(1000)
    with smtplib.SMTP("127.0.0.1", desk.smtp_port, timeout=30) as client:
        client.send_message(mail("after"), "eve@example.com", [SUPPORT])
    wait_for("the ticket of the mail after", lambda: ticket_about(desk, "after"))
    assert not ticket_about(desk, "half"), tickets(desk)
    wait_for("rest", lambda: desk.status()["idle"])
    assert desk.status()["spool"] == 0, desk.status()
    print("half a mail left nothing behind")


def main():
    build()
    with tempfile.TemporaryDirectory(prefix="docket-smtp-") as name:
        folder = pathlib.Path(name) / "desk"
        with LocalDesk(TARGET / "debug" / "docket", folder, smtp_port=free_port()) as desk:
            a_mail_becomes_a_ticket(desk)
            many_mails_on_one_connection(desk)
            what_is_too_large_is_refused(desk)
            a_client_that_leaves_within_a_mail_leaves_nothing(desk)


if __name__ == "__main__":
    main()
