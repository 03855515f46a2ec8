#!/usr/bin/env python3
"""Builds of `docket` beside each other, from outside: the same contacts and requests to `docket local` of each, in turn.

    benches/desks.py target/release/docket                         what this build takes
    benches/desks.py OLD/docket target/release/docket --rounds 3   the same of both, alternately; the least of the rounds counts

Each round has a desk of its own in a folder on disk. CPU is that of the whole process until the desk is at rest, divided by what was sent;
times are those a client on this machine sees over a kept connection, in milliseconds.
"""

import argparse
import concurrent.futures
import http.client
import json
import pathlib
import re
import statistics
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests"))

from support.http import wait_for  # noqa: E402
from support.processes import API_TOKEN, LocalDesk  # noqa: E402

TICKS_A_SECOND = 100
MAILBOX = "support@in.docket.local"
CLIENTS = 8


class Connection:
    """One kept connection."""

    def __init__(self, desk):
        self.http = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=120)

    def ask(self, method, path, body=None, headers=None):
        self.http.request(method, path, body, {"accept-encoding": "gzip", **(headers or {})})
        answer = self.http.getresponse()
        return answer, answer.read()


class Measured:
    """A desk that is measured."""

    def __init__(self, binary, folder):
        self.desk = LocalDesk(binary, folder)
        self.connection = Connection(self.desk)
        self.bearer = {"authorization": f"Bearer {API_TOKEN}", "content-type": "application/json"}
        self.figures = {"memory fresh, MiB": self.memory()}

    def cpu_ms(self):
        stat = pathlib.Path(f"/proc/{self.desk.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(stat[11]) + int(stat[12])) * 1000 / TICKS_A_SECOND

    def memory(self):
        rollup = pathlib.Path(f"/proc/{self.desk.process.pid}/smaps_rollup").read_text()
        return int(re.search(r"Pss:\s+(\d+)", rollup)[1]) / 1024

    def rest(self):
        wait_for("a desk at rest", lambda: self.desk.status()["idle"], 600, 0.2)

    def worked(self, name, count, work):
        """What each of so many takes until nothing is left to do."""
        before, begun = self.cpu_ms(), time.monotonic()
        work()
        self.rest()
        self.figures[f"{name}, CPU ms"] = (self.cpu_ms() - before) / count
        self.figures[f"{name}, seconds for all"] = time.monotonic() - begun

    def from_clients(self, first, last, send):
        def client(start):
            connection = Connection(self.desk)
            times = []
            for number in range(first + start, last + 1, CLIENTS):
                begun = time.monotonic()
                send(connection, number)
                times.append((time.monotonic() - begun) * 1000)
            return times

        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            return [taken for times in pool.map(client, range(CLIENTS)) for taken in times]

    def mail(self, connection, number, references=None):
        lines = [
            f"From: Customer {number} <c{number}@shop{number % 1000}.example>",
            f"To: {MAILBOX}",
            f"Subject: {'Re: ' if references else ''}Where is order {number}?",
            f"Message-ID: <{'r' if references else 'm'}{number}@shop{number % 1000}.example>",
        ]
        if references:
            lines.append(f"In-Reply-To: {references}")
        text = f"Hello,\r\n\r\nI ordered a lamp two weeks ago, order {number}, and it has not come.\r\n\r\nBest\r\nCustomer {number}\r\n"
        raw = "\r\n".join([*lines, "", text]).encode()
        answer, body = connection.ask("POST", f"/_local/mail?to={MAILBOX}", raw)
        assert answer.status == 202, body

    def asked(self, name, times, method, path, body=None, headers=None):
        taken, size = [], 0
        for number in range(times):
            sent = body(number) if body else None
            begun = time.monotonic()
            answer, read = self.connection.ask(method, path, sent, headers)
            taken.append((time.monotonic() - begun) * 1000)
            assert answer.status < 300, (name, answer.status, read[:300])
            size = len(read)
        self.figures[f"{name}, p50 ms"] = statistics.median(taken)
        if method == "GET":
            self.figures[f"{name}, KB"] = size / 1000

    def sign_in(self):
        _, page = self.connection.ask("GET", "/agent/sign-in")
        if page[:2] == b"\x1f\x8b":
            import gzip

            page = gzip.decompress(page)
        person = re.search(rb'name="person"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="person"', page)
        value = (person[1] or person[2]).decode()
        form = urllib.parse.urlencode({"person": value}).encode()
        own = f"http://127.0.0.1:{self.desk.port}"
        headers = {"content-type": "application/x-www-form-urlencoded", "origin": own, "sec-fetch-site": "same-origin"}
        answer, body = self.connection.ask("POST", "/agent/sign-in", form, headers)
        assert answer.status == 303, (answer.status, body[:300])
        return {"cookie": answer.getheader("set-cookie").split(";")[0]}

    def ticket(self, number):
        return json.dumps({"ticket": {"subject": f"Made {number}", "comment": {"body": "By the API."}}}).encode()

    def run(self, mails, times):
        few = min(200, mails // 4)
        send = lambda first, last: self.from_clients(first, last, self.mail)  # noqa: E731
        self.worked(f"a mail up to the {few}th", few, lambda: send(1, few))
        self.worked(f"a mail up to the {mails - few}th", mails - 2 * few, lambda: send(few + 1, mails - few))
        self.worked(f"a mail up to the {mails}th", few, lambda: send(mails - few + 1, mails))
        self.figures["memory after them, MiB"] = self.memory()
        reply = lambda connection, number: self.mail(connection, number, f"<m{number}@shop{number % 1000}.example>")  # noqa: E731
        self.worked("a reply", few, lambda: self.from_clients(1, few, reply))
        self.asked("API ticket", times, "GET", "/api/v2/tickets/5.json", headers=self.bearer)
        self.asked("API list of 100", times, "GET", "/api/v2/tickets.json?per_page=100", headers=self.bearer)
        signed_in = self.sign_in()
        self.asked("page: a ticket", times, "GET", "/agent/tickets/5", headers=signed_in)
        self.asked("page: All open", times, "GET", "/agent/tickets?view=open", headers=signed_in)
        self.asked("page: My tickets", times, "GET", "/agent/tickets?view=mine", headers=signed_in)
        self.asked("API create, one client", times, "POST", "/api/v2/tickets.json", self.ticket, self.bearer)
        self.rest()

        def create(connection, number):
            answer, body = connection.ask("POST", "/api/v2/tickets.json", self.ticket(number), self.bearer)
            assert answer.status == 201, body

        taken = self.from_clients(1, times * 4, create)
        self.figures[f"API create, {CLIENTS} clients, p50 ms"] = statistics.median(taken)
        self.rest()
        return self.figures


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("binaries", nargs="+", type=pathlib.Path)
    arguments.add_argument("--mails", type=int, default=2000, help="of as many senders")
    arguments.add_argument("--times", type=int, default=100, help="how often each request is made")
    arguments.add_argument("--rounds", type=int, default=2)
    arguments = arguments.parse_args()
    best = [{} for _ in arguments.binaries]
    for _ in range(arguments.rounds):
        for binary, figures in zip(arguments.binaries, best, strict=True):
            with tempfile.TemporaryDirectory(prefix="docket-desks-", dir=pathlib.Path.cwd()) as folder:
                measured = Measured(binary.resolve(), pathlib.Path(folder) / "desk")
                try:
                    for name, value in measured.run(arguments.mails, arguments.times).items():
                        figures[name] = min(value, figures.get(name, value))
                finally:
                    measured.desk.kill()
    for name in best[0]:
        values = [figures[name] for figures in best]
        ratio = f"{values[-1] / values[0]:8.2f}" if len(values) > 1 and values[0] else ""
        print(f"{name:34}" + "".join(f"{value:10.2f}" for value in values) + ratio)


if __name__ == "__main__":
    main()
