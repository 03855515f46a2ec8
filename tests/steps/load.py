#!/usr/bin/env python3
"""Mails and hand-offs from eight clients at once: as many tickets, and no other. Then again with a `kill -9` in the middle.

    tests/steps/load.py                        150 of each against the build of the tests, as tests/run does
    tests/steps/load.py --contacts 1000 --release

A client that gets no answer sends the same again, as SES and bots do. Clients are closed loops: the next contact
follows the answer to the one before.
"""

import argparse
import collections
import pathlib
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from support.http import call, signed_hook, wait_for  # noqa: E402
from support.processes import ROOT, LocalDesk, build  # noqa: E402

CLIENTS = 8
# Agents of a new desk, each with a capacity of 20.
CAPACITY = 3 * 20
# After a kill: what queues and leases held is seen again once their times are over, the longest within an hour.
MINUTES_AFTER_KILL = (3, 4, 12, 5, 10, 20)


class Clients:
    """Eight clients, sharing the contacts among them."""

    def __init__(self, address, contacts):
        self.address, self.contacts = address, contacts
        self.answered = 0
        self.lock = threading.Lock()
        self.refused = []
        self.threads = [threading.Thread(target=self.work, args=(first,)) for first in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def work(self, first):
        for number in range(first, self.contacts, CLIENTS):
            for send in (self.mail, self.hand_off):
                while True:
                    try:
                        answer = send(number)
                    except OSError:
                        time.sleep(0.1)
                        continue
                    if answer.status >= 500:
                        time.sleep(0.1)
                        continue
                    break
                with self.lock:
                    self.answered += 1
                    if answer.status >= 300:
                        self.refused.append(answer)

    def mail(self, number):
        raw = (
            f"From: c{number}@shop{number % 50}.example\r\nTo: support@in.docket.local\r\nSubject: mail {number}\r\n"
            f"Message-ID: <m{number}@shop.example>\r\n\r\nmail {number}\r\n"
        )
        return call("POST", f"{self.address}/_local/mail?to=support@in.docket.local", raw.encode())

    def hand_off(self, number):
        data = {"external_id": f"x{number}", "customer": {"id": f"u{number}"}, "subject": f"hand-off {number}", "text": "x"}
        return signed_hook(self.address, f"h{number}", {"type": "handoff.requested", "data": data})

    def join(self):
        for thread in self.threads:
            thread.join()
        assert not self.refused, self.refused[:3]


def idle(desk):
    status = desk.status()
    return status if status["idle"] else None


def advance(desk, minutes):
    call("POST", f"{desk.address}/_local/clock", {"advance": f"PT{minutes}M"}, timeout_seconds=300)
    wait_for("a desk at rest", lambda: idle(desk), most_seconds=300)


def all_tickets(desk):
    tickets, page = [], 1
    while page:
        found = desk.api("GET", f"tickets.json?per_page=100&page={page}").json
        tickets += found["tickets"]
        page = page + 1 if found["next_page"] else None
    return tickets


def check(desk, contacts):
    subjects = collections.Counter(ticket["subject"] for ticket in all_tickets(desk))
    expected = {f"{kind} {number}" for kind in ("mail", "hand-off") for number in range(contacts)}
    assert set(subjects) == expected, f"lost: {sorted(expected - set(subjects))[:5]}, strange: {sorted(set(subjects) - expected)[:5]}"
    assert max(subjects.values()) == 1, f"doubled: {subjects.most_common(3)}"
    tickets = all_tickets(desk)
    assigned = sum(ticket["assignee_id"] is not None for ticket in tickets)
    waiting = sum(
        ticket["assignee_id"] is None and bool(ticket["docket"]["waiting_reason"]) for ticket in tickets
    )
    assert all(ticket["priority"] for ticket in tickets), "a ticket without triage"
    assert assigned + waiting == len(tickets), f"{len(tickets) - assigned - waiting} wait for no reason"
    assert assigned == min(CAPACITY, len(tickets)), f"{assigned} assigned, though there is room for {CAPACITY}"
    status = desk.status()
    dead = [queue for queue in status["queues"] if queue["name"].endswith("-dead") and queue["visible"]]
    assert not dead, dead
    assert status["spool"] == 0, status
    assert status["mails_sent"] >= contacts, f"{status['mails_sent']} acknowledgements"
    return f"{len(tickets)} tickets of {2 * contacts} contacts, {assigned} assigned, {waiting} waiting with a reason, no dead letter"


def run(binary, folder, contacts, kill):
    begun = time.monotonic()
    desk = LocalDesk(binary, folder)
    ready = time.monotonic() - begun
    try:
        begun = time.monotonic()
        clients = Clients(desk.address, contacts)
        if kill:
            wait_for("half of the contacts", lambda: clients.answered >= contacts, 600, 0.01)
            desk.kill()
            desk = LocalDesk(binary, folder, desk.port)
        clients.join()
        answered = time.monotonic() - begun
        for minutes in MINUTES_AFTER_KILL if kill else (0,):
            advance(desk, minutes)
        at_rest = time.monotonic() - begun
        print(f"{'with kill -9: ' if kill else 'calm: '}{check(desk, contacts)}")
        print(f"  ready in {ready:.2f} s, all answered in {answered:.1f} s, at rest after {at_rest:.1f} s", flush=True)
    finally:
        desk.kill()


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--contacts", type=int, default=150, help="mails, and as many hand-offs")
    arguments.add_argument("--release", action="store_true", help="build and use the release profile")
    arguments = arguments.parse_args()
    profile = ["--release"] if arguments.release else []
    build(*profile)
    binary = ROOT / "target" / ("release" if arguments.release else "debug") / "docket"
    for kill in (False, True):
        with tempfile.TemporaryDirectory(prefix="docket-load-") as name:
            run(binary, pathlib.Path(name) / "desk", arguments.contacts, kill)


if __name__ == "__main__":
    main()
