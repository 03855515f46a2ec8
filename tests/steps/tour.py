#!/usr/bin/env python3
"""The tour of README.md, command by command, as a new user types it."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from support.http import wait_for  # noqa: E402
from support.processes import ROOT, LocalDesk, build  # noqa: E402

ADDRESS = "http://127.0.0.1:3000"


def commands():
    """The code blocks of the tour, each a list of commands; the first starts the desk."""
    text = (ROOT / "README.md").read_text()
    tour = text[text.index("## A tour") : text.index("## Bots")]
    blocks = re.findall(r"```sh\n(.*?)```", tour, re.DOTALL)
    assert blocks[0].startswith("cargo run -- local"), blocks[0]
    return blocks[1:]


class Shell:
    def __init__(self, desk):
        self.desk = desk

    def answers(self, block):
        """Runs a block; the JSON documents that its commands print."""
        block = block.replace(ADDRESS, self.desk.address).replace("token:tour", "token:check-token")
        done = subprocess.run(["bash", "-ec", block], capture_output=True, text=True)
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
        decoder, rest, found = json.JSONDecoder(), done.stdout.strip(), []
        while rest:
            document, end = decoder.raw_decode(rest)
            found.append(document)
            rest = rest[end:].strip()
        return found


def main():
    build()
    with tempfile.TemporaryDirectory(prefix="docket-tour-") as name:
        with LocalDesk(ROOT / "target" / "debug" / "docket", pathlib.Path(name) / "desk") as desk:
            shell = Shell(desk)
            mail, why, answer, clock = commands()
            assert "ses_message_id" in shell.answers(mail)[0]

            def assigned():
                found = desk.api("GET", "tickets/1.json")
                return found.status == 200 and found.json["ticket"]["assignee_id"] and desk.status()["mails_sent"]

            wait_for("a ticket with its agent, and the acknowledgement", assigned)
            ticket, decisions, outbox = shell.answers(why)
            assert ticket["ticket"]["subject"] == "My order" and ticket["ticket"]["status"] == "open", ticket
            assert [decision["type"] for decision in decisions["decisions"]] == ["triage", "assignment"], decisions
            assert [mail["to"] for mail in outbox] == [["eve@example.com"]], outbox
            assert shell.answers(answer)[0]["ticket"]["status"] == "solved"
            shell.answers(clock)
            assert desk.api("GET", "tickets/1.json").json["ticket"]["status"] == "closed"
    print("each command of the tour answers as README.md says")


if __name__ == "__main__":
    main()
