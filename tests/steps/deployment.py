#!/usr/bin/env python3
"""The template, deployed with real function binaries into an AWS emulator that is not ours.

A hand-off comes through the HTTP API, a mail through the bucket and the topic; both reach an agent, and the agent's
answers leave as mail. Where the emulator lacks a thing, this enters one step beside it and says so ("beside:").
"""

import base64
import email
import email.policy
import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import boto3  # noqa: E402
from aiosmtpd.controller import Controller  # noqa: E402

from support.http import call, signed_hook, wait_for  # noqa: E402
from support.processes import ROOT, TARGET, Started, build, free_port  # noqa: E402

STACK = "desk"
# Half of what the template gives the function.
MOST_MEGABYTES = 256
DOMAIN = "help.example.com"
ADMIN = "ada@help.example.com"
FUNCTIONS = sorted(path.name for path in (ROOT / "functions").iterdir() if path.is_dir())


class Post:
    """The world's mail servers: keeps every mail that the emulated SES hands over."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, _server, _session, envelope):
        self.mails.append(
            (envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default))
        )
        return "250 taken"

    def to(self, address, containing):
        for recipients, mail in list(self.mails):
            body = mail.get_body(("plain",))
            if address in recipients and body and containing in body.get_content():
                return mail
        return None


def pack(folder):
    """The functions for this machine, each stripped into a folder as SAM packs it, and a template that points there."""
    build("--workspace", "--bins")
    for name in FUNCTIONS:
        (folder / "functions" / name).mkdir(parents=True)
        target = folder / "functions" / name / "bootstrap"
        subprocess.run(["strip", "-o", target, TARGET / "debug" / name], check=True)
    (folder / "infra").mkdir()
    shutil.copy(ROOT / "infra" / "template.yaml", folder / "infra" / "template.yaml")


def deploy(folder, endpoint):
    # The operator's domain, verified with SES before: MailIdentity=existing.
    boto3.client("ses", endpoint_url=endpoint).verify_domain_identity(Domain=DOMAIN)
    parameters = {
        "Architecture": "arm64" if platform.machine() == "aarch64" else "x86_64",
        "MailDomain": DOMAIN,
        "InboundMail": "no",
        "MailIdentity": "existing",
    }
    command = ["sam", "deploy", "--template-file", "infra/template.yaml", "--stack-name", STACK]
    command += ["--resolve-s3", "--no-confirm-changeset", "--no-progressbar"]
    command += ["--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
    command += ["--parameter-overrides", *(f"{key}={value}" for key, value in parameters.items())]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"sam deploy failed:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
    stack = boto3.client("cloudformation", endpoint_url=endpoint).describe_stacks(StackName=STACK)
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Stacks"][0]["Outputs"]}


def first_use():
    """`docket init --stack`, as an operator runs it: the token and the channel's secret from what it prints."""
    command = [TARGET / "debug" / "docket", "init", "--stack", STACK, "--admin", ADMIN]
    shown = subprocess.run(command, capture_output=True, text=True)
    if shown.returncode != 0:
        raise SystemExit(f"docket init failed: {shown.stdout}{shown.stderr}")
    words = {line.rsplit(None, 1)[0].strip(): line.rsplit(None, 1)[1] for line in shown.stdout.splitlines() if "  " in line}
    again = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "nothing was changed" in again, again
    assert f"{ADMIN} is invited by a mail with a first password" in shown.stdout, shown.stdout
    return words["API token"], words["secret of channel bot"]


def the_admin_has_an_account(endpoint, outputs):
    """In the user pool that the template makes, with an address that counts as theirs; and the desk sends browsers there."""
    pool = boto3.client("cognito-idp", endpoint_url=endpoint)
    [user] = pool.list_users(UserPoolId=outputs["UserPoolId"])["Users"]
    attributes = {attribute["Name"]: attribute["Value"] for attribute in user["Attributes"]}
    assert (attributes["email"], attributes["email_verified"]) == (ADMIN, "true"), attributes
    client = pool.describe_user_pool_client(UserPoolId=outputs["UserPoolId"], ClientId=outputs["OidcClientId"])
    client = client["UserPoolClient"]
    assert client["CallbackURLs"] == [outputs["SignInCallback"]], client
    assert client["AllowedOAuthFlows"] == ["code"], client
    again = [TARGET / "debug" / "docket", "invite", "--stack", STACK, ADMIN]
    assert "is invited" in subprocess.run(again, capture_output=True, text=True, check=True).stdout


def receive_mail(endpoint, outputs, key, raw):
    """What a receipt rule of SES does: the object first, then the receipt on the topic."""
    boto3.client("s3", endpoint_url=endpoint).put_object(
        Bucket=outputs["Bucket"], Key=f"raw/{key}", Body=raw
    )
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    passed = {"status": "PASS"}
    receipt = {
        "notificationType": "Received",
        "mail": {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
            "source": parsed["From"].addresses[0].addr_spec,
            "messageId": key,
            "destination": [f"support@{DOMAIN}"],
            "headersTruncated": False,
            "headers": [{"name": name, "value": str(value)} for name, value in parsed.items()],
            "commonHeaders": {"subject": parsed["Subject"], "messageId": parsed["Message-ID"]},
        },
        "receipt": {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
            "processingTimeMillis": 300,
            "recipients": [f"support@{DOMAIN}"],
            "spamVerdict": passed,
            "virusVerdict": passed,
            "spfVerdict": passed,
            "dkimVerdict": passed,
            "dmarcVerdict": passed,
            "action": {
                "type": "S3",
                "topicArn": outputs["InboundTopic"],
                "bucketName": outputs["Bucket"],
                "objectKeyPrefix": "raw/",
                "objectKey": f"raw/{key}",
            },
        },
    }
    boto3.client("sns", endpoint_url=endpoint).publish(
        TopicArn=outputs["InboundTopic"], Message=json.dumps(receipt)
    )


class DeployedApi:
    """The HTTP API, reached through the emulator by the name it has in AWS."""

    def __init__(self, endpoint, outputs):
        self.base = endpoint
        port = endpoint.rsplit(":", 1)[1]
        api_id = outputs["ApiAddress"].removeprefix("https://").split(".")[0]
        self.headers = {"host": f"{api_id}.execute-api.localhost:{port}"}

    def sign_in(self, token):
        self.headers["authorization"] = f"Bearer {token}"

    def __call__(self, method, path, body=None):
        return call(method, f"{self.base}/api/v2/{path}", body, self.headers)

    def ticket(self, number):
        return self("GET", f"tickets/{number}.json").json["ticket"]


def check_hand_off(api, secret, post):
    payload = {
        "type": "handoff.requested",
        "data": {
            "external_id": "chat-7",
            "customer": {"id": "u-1", "name": "Max", "email": "max@example.com", "verified": True},
            "reason": "asked for a human",
            "summary": "Order A-17 is late",
            "transcript": [{"who": "user", "text": "Where is my order?"}],
        },
    }
    first = signed_hook(api.base, "msg_1", payload, secret, api.headers)
    assert first.status == 201 and first.json["created"], first
    number = first.json["ticket"]["id"]
    again = signed_hook(api.base, "msg_1", payload, secret, api.headers)
    assert again.status == 200 and not again.json["created"], again
    assert signed_hook(api.base, "msg_2", payload, "whsec_AAAA", api.headers).status == 401
    print(f"hand-off: ticket {number}, its repeat changed nothing, a forged one was refused")
    answered(api, number, post, "max@example.com", "It leaves today.")


def check_mail(api, endpoint, outputs, post):
    raw = (
        b"From: Eve <eve@example.com>\r\nTo: support@help.example.com\r\nSubject: The printer burns\r\n"
        b"Message-ID: <1@example.com>\r\n\r\nPlease help.\r\n"
    )
    receive_mail(endpoint, outputs, "mail-one", raw)
    number = wait_for("a ticket from the mail", lambda: ticket_about(api, "The printer burns"))
    acknowledgement = wait_for("the acknowledgement", lambda: post.to("eve@example.com", ""))
    assert acknowledgement["Auto-Submitted"] == "auto-replied", acknowledgement.as_string()
    answer = answered(api, number, post, "eve@example.com", "Take the extinguisher.")
    assert "<1@example.com>" in answer["References"], answer.as_string()

    signed = answer["Reply-To"].addresses[0].addr_spec
    reply = f"From: eve@example.com\r\nTo: {signed}\r\nSubject: Re: x\r\nMessage-ID: <2@example.com>\r\n\r\nIt is out, thanks.\r\n"
    receive_mail(endpoint, outputs, "mail-two", reply.encode())
    wait_for("her reply on her ticket", lambda: api("GET", f"tickets/{number}/comments.json").text.count("It is out, thanks."))
    print(f"mail: ticket {number}, answered, her reply came back to it")


def ticket_about(api, subject):
    tickets = api("GET", "tickets.json").json["tickets"]
    return next((ticket["id"] for ticket in tickets if ticket["subject"] == subject), None)


def answered(api, number, post, customer, words):
    """Triaged, assigned, answered; the answer as it left."""
    ticket = wait_for(
        f"ticket {number} with an agent", lambda: (lambda t: t["assignee_id"] and t["priority"] and t)(api.ticket(number))
    )
    decisions = api("GET", f"tickets/{number}/decisions.json").json["decisions"]
    assert [decision["type"] for decision in decisions[:2]] == ["triage", "assignment"], decisions
    done = api("PUT", f"tickets/{number}.json", {"ticket": {"comment": {"body": words, "public": True}}})
    assert done.status == 200, done
    mail = wait_for(f"the answer to {customer}", lambda: post.to(customer, words))
    print(f"ticket {number}: with agent {ticket['assignee_id']}, {ticket['priority']}; answered by mail")
    return mail


def check_large_mail(api, endpoint, outputs):
    """A mail of 40 MB is taken in within the memory that a mail may take."""
    file = base64.encodebytes(os.urandom(29_000_000)).replace(b"\n", b"\r\n")
    raw = (
        b"From: Max <max@example.com>\r\nTo: support@help.example.com\r\nSubject: Large\r\nMessage-ID: <l@example.com>\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee the file.\r\n--b\r\n"
        b"Content-Type: application/octet-stream; name=file.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + file
        + b"\r\n--b--\r\n"
    )
    receive_mail(endpoint, outputs, "mail-large", raw)
    number = wait_for("a ticket from the large mail", lambda: ticket_about(api, "Large"), most_seconds=120)
    size = api("GET", f"tickets/{number}/comments.json").json["comments"][0]["attachments"][0]["size"]
    assert size == 29_000_000, size
    peak = peak_megabytes("email-intake")
    print(f"mail of {len(raw) / 1e6:.0f} MB: the function's memory at its peak was {peak:.0f} MB")
    assert peak <= MOST_MEGABYTES, peak


def peak_megabytes(function):
    """The most memory that a process of a function ever had, in megabytes: it stays alive for the next call."""
    peaks = []
    for process in pathlib.Path("/proc").iterdir():
        try:
            named = (process / "environ").read_bytes().split(b"\0")
            status = (process / "status").read_text()
        except (OSError, ValueError):
            continue
        words = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        is_function = any(
            pair.startswith(b"AWS_LAMBDA_FUNCTION_NAME=")
            and pair.decode().lower().replace("-", "").count(function.replace("-", ""))
            for pair in named
        )
        if is_function and words["Name"].strip() == "bootstrap":
            peaks.append(int(words["VmHWM"].split()[0]) / 1000)
    assert peaks, f"no process of function {function} is there"
    return max(peaks)


def check_ledger():
    """Each contact is on a line, counted by the functions as they ran."""
    done = subprocess.run(
        [TARGET / "debug" / "docket", "ledger", "--stack", STACK, "--since", "2h"], capture_output=True, text=True
    )
    assert done.returncode == 0, (done.stdout, done.stderr)
    print("\n".join(f"    {line}" for line in done.stdout.splitlines()))
    totals = {line.split()[1]: line.split()[2:] for line in done.stdout.splitlines() if line.startswith("total")}
    accepted, ticketed, appended = (int(number) for number in totals["mail"][:3])
    assert (accepted, ticketed, appended) == (3, 2, 1), done.stdout
    assert totals["mail"][-1] == "0", done.stdout


def check_sweep(endpoint):
    """The schedule wakes sla-check: its line stands in the log group that the metrics read."""
    logs = boto3.client("logs", endpoint_url=endpoint)

    def lines():
        events = logs.filter_log_events(logGroupName=f"/docket/{STACK}/sla-check")["events"]
        return [event["message"] for event in events if "lag_seconds" in event["message"]]

    line = wait_for("a sweep of the schedule, in its log", lines, most_seconds=90, every_seconds=1)[0]
    print(f"sweep: {line.strip()[:160]}")


def check_nothing_is_dead(endpoint, outputs):
    queues = boto3.client("sqs", endpoint_url=endpoint)
    for address in queues.list_queues()["QueueUrls"]:
        if "Dead" in address:
            counted = queues.get_queue_attributes(
                QueueUrl=address, AttributeNames=["ApproximateNumberOfMessages"]
            )
            assert counted["Attributes"]["ApproximateNumberOfMessages"] == "0", address
    spool = boto3.client("s3", endpoint_url=endpoint).list_objects_v2(
        Bucket=outputs["Bucket"], Prefix="raw/"
    )
    assert spool.get("KeyCount", 0) == 0, spool
    print("no dead letter, and the spool is empty")


def check_doctor(endpoint):
    """`docket doctor --stack`, on a desk in order, and on one with a dead letter that `docket deadletter` then sends back."""
    docket = TARGET / "debug" / "docket"

    def doctor():
        done = subprocess.run([docket, "doctor", "--stack", STACK], capture_output=True, text=True)
        print("\n".join(f"    {line[:150]}" for line in done.stdout.splitlines()))
        return done.returncode, done.stdout

    seen = doctor()[1]
    for line in (
        "ok       SES sends 50000 mails a day",
        f"ok       domain {DOMAIN} is verified",
        "ok       the stack receives no mail: InboundMail=no",
        "ok       no dead letter",
        "ok       no mail waits in the spool for more than 15 minutes",
        "ok       nothing has been due for more than 3 minutes",
        "ok       the key of reply addresses is there",
        "ok       the key of links to files is there",
        "ok       the secret of channel bot is there",
    ):
        assert line in seen, (line, seen)

    queues = boto3.client("sqs", endpoint_url=endpoint)
    dead = next(address for address in queues.list_queues()["QueueUrls"] if "TriageDead" in address)
    queues.send_message(QueueUrl=dead, MessageBody='{"tenant":"main","ticket":1,"cause":"a test"}')
    code, seen = doctor()
    assert code == 1 and "problem  dead letters: 1 of queue triage -> docket deadletter inspect" in seen, seen
    for words, expected in (("inspect", "ticket 1 (a test)"), ("redrive", "1 dead letter sent back")):
        done = subprocess.run(
            [docket, "deadletter", words, "--stack", STACK], capture_output=True, text=True
        )
        assert done.returncode == 0 and expected in done.stdout, (done.stdout, done.stderr)
    assert "ok       no dead letter" in doctor()[1]
    print("doctor: a dead letter was seen, named and sent back")


def main():
    logs = ROOT / "target" / "tools"
    with tempfile.TemporaryDirectory(prefix="docket-deployment-") as name:
        folder = pathlib.Path(name)
        pack(folder)
        smtp_port, port = free_port(), free_port()
        endpoint = f"http://127.0.0.1:{port}"
        os.environ["AWS_ENDPOINT_URL"] = endpoint
        post = Post()
        world = Controller(post, hostname="127.0.0.1", port=smtp_port)
        world.start()
        emulator = {
            "BIND_HOST": "127.0.0.1",
            "IOT_MTLS_ENABLED": "0",
            "GATEWAY_PORT": str(port),
            "SMTP_HOST": f"127.0.0.1:{smtp_port}",
        }
        log = logs / "deployment.log"
        log.write_bytes(b"")
        try:
            with Started(["ministack"], log, port, emulator):
                outputs = deploy(folder, endpoint)
                print(f"deployed {len(FUNCTIONS)} functions; {len(outputs)} outputs")
                print("beside: the emulator's SES has no receipt rules; mail enters as its object and its receipt")
                print("beside: the emulator's SES signs no mail of a domain and can't be asked whether sending is paused")
                print("beside: the emulator's SES sends no events; that a mail was delivered is not seen here")
                token, secret = first_use()
                the_admin_has_an_account(endpoint, outputs)
                api = DeployedApi(endpoint, outputs)
                assert api("GET", "tickets.json").status == 401
                api.sign_in(token)
                assert api("GET", "users/me.json").json["user"]["email"] == ADMIN
                check_hand_off(api, secret, post)
                check_mail(api, endpoint, outputs, post)
                check_large_mail(api, endpoint, outputs)
                check_ledger()
                check_sweep(endpoint)
                check_nothing_is_dead(endpoint, outputs)
                check_doctor(endpoint)
        finally:
            world.stop()


if __name__ == "__main__":
    main()
