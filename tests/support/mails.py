"""Mails as programs of others write them."""

import email.message
import email.policy
import email.utils

MAILBOX = "support@in.docket.local"


def mail(sender, subject, text, message_id, answers=None, formatted=None, files=(), copied=None):
    """A mail from `sender`, such as `Eve <eve@example.com>`; `answers` is the id of the mail that it answers, `copied` who gets it, too. Files
    are (name, type, bytes)."""
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"] = sender
    message["To"] = MAILBOX
    if copied:
        message["Cc"] = copied
    message["Subject"] = subject
    message["Message-ID"] = f"<{message_id}>"
    if answers:
        message["In-Reply-To"] = message["References"] = f"<{answers}>"
    message.set_content(text)
    if formatted:
        message.add_alternative(formatted, subtype="html")
    for name, content_type, content in files:
        maintype, subtype = content_type.split("/")
        message.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    return message.as_bytes()
