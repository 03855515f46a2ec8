"""Processes that a step starts, on free ports of the loopback address, and ends with itself."""

import datetime
import os
import pathlib
import socket
import subprocess
import time

from .http import HOOK_SECRET, call

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
API_TOKEN = "check-token"


def build(*selection):
    """Builds the programs, unless `tests/run` has just built them all."""
    if "DOCKET_BUILT" not in os.environ or "--release" in selection:
        subprocess.run(["cargo", "build", "--locked", "--quiet", *selection], cwd=ROOT, check=True)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until_listening(port, process, log, most_seconds=60):
    end = time.monotonic() + most_seconds
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    end_of_log = "\n".join(pathlib.Path(log).read_text(errors="replace").splitlines()[-20:])
    raise SystemExit(f"nothing listens on port {port}; the end of {log}:\n{end_of_log}")


class Started:
    """A process with a log, ended when the block ends."""

    def __init__(self, command, log, port, environment=None):
        self.log, self.port = pathlib.Path(log), port
        with open(log, "ab") as out:
            self.process = subprocess.Popen(
                command, stdout=out, stderr=out, env={**os.environ, **(environment or {})}
            )
        try:
            wait_until_listening(port, self.process, log)
        except BaseException:
            self.kill()
            raise

    def kill(self):
        """Ends it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()


class LocalDesk(Started):
    """`docket local` with its data in `folder`."""

    def __init__(self, binary, folder, port=None, smtp_port=None, options=()):
        port = port or free_port()
        command = [binary, "local", "--port", str(port), "--data", str(folder)]
        command += ["--token", API_TOKEN, "--hook-secret", HOOK_SECRET]
        if smtp_port:
            command += ["--smtp", str(smtp_port)]
        command += options
        super().__init__(command, pathlib.Path(folder).with_suffix(".log"), port)
        self.address = f"http://127.0.0.1:{port}"
        self.smtp_port = smtp_port

    def post_mail(self, raw, to="support@in.docket.local"):
        return call("POST", f"{self.address}/_local/mail?to={to}", raw)

    def status(self):
        return call("GET", f"{self.address}/_local/status").json

    def now(self):
        """The time of its clock, in whole seconds."""
        return datetime.datetime.strptime(self.status()["now"][:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=datetime.timezone.utc)

    def outbox(self):
        """The mails that left, as their recipients see them."""
        return call("GET", f"{self.address}/_local/outbox").json

    def sent(self, containing):
        """The first mail that left with these words; nothing where none did."""
        return next((mail for mail in self.outbox() if containing in mail["text"]), None)

    def advance(self, span):
        """Moves the clock forward by an ISO 8601 duration, and waits until what is due then has happened."""
        moved = call("POST", f"{self.address}/_local/clock", {"advance": span}, timeout_seconds=300)
        assert moved.status == 200, moved

    def api(self, method, path, body=None):
        return call(
            method, f"{self.address}/api/v2/{path}", body, {"authorization": f"Bearer {API_TOKEN}"}
        )

    def done(self, method, path, body=None):
        """A call of the API that has to stand; what it answers."""
        answer = self.api(method, path, body)
        assert answer.status < 300, f"{method} {path}: {answer}"
        return answer.json if answer.text else None

    def ticket(self, number):
        """A ticket; nothing where there is none."""
        answer = self.api("GET", f"tickets/{number}.json")
        return answer.json["ticket"] if answer.status == 200 else None

    def about(self, subject):
        """The ticket with this subject among the newest hundred; nothing where there is none."""
        tickets = self.done("GET", "tickets.json?sort_order=desc&per_page=100")["tickets"]
        return next((ticket for ticket in tickets if ticket["subject"] == subject), None)

    def comments(self, number):
        """What was written on a ticket, the first first."""
        return self.done("GET", f"tickets/{number}/comments.json")["comments"]

    def assignee(self, number):
        """Who has a ticket; nothing where nobody has, or there is none."""
        ticket = self.ticket(number)
        return ticket and ticket["assignee_id"]
