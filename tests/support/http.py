"""HTTP as a program of somebody else's would speak it."""

import base64
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request

HOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Answer:
    def __init__(self, status, body):
        self.status = status
        self.text = body.decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.text)

    def __repr__(self):
        return f"{self.status} {self.text[:300]}"


def call(method, url, body=None, headers=None, timeout_seconds=60):
    """One call; every status is an answer. A connection that fails raises OSError."""
    sent = dict(headers or {})
    if isinstance(body, (dict, list)):
        body = json.dumps(body).encode()
        sent.setdefault("content-type", "application/json")
    request = urllib.request.Request(url, data=body, headers=sent, method=method)
    try:
        with urllib.request.urlopen(request, timeout=timeout_seconds) as answer:
            return Answer(answer.status, answer.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return Answer(refused.code, refused.read())


def signed_hook(base, message_id, payload, secret=HOOK_SECRET, headers=None, at=None):
    """A contact for channel `bot`, signed by the text of Standard Webhooks, not by our code; `at` where the desk's clock was moved."""
    at = int(at or time.time())
    body = json.dumps(payload)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{message_id}.{at}.{body}".encode()
    signature = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    return call(
        "POST",
        f"{base}/hooks/bot",
        body.encode(),
        {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(at),
            "webhook-signature": f"v1,{signature}",
            **(headers or {}),
        },
    )


def wait_for(what, look, most_seconds=60, every_seconds=0.25):
    """Looks until there is something to see; says what was missing otherwise."""
    end = time.monotonic() + most_seconds
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > end:
            raise SystemExit(f"not seen within {most_seconds} s: {what}")
        time.sleep(every_seconds)
