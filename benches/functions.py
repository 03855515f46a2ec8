#!/usr/bin/env python3
"""What each function costs before it does anything: zipped size, start, memory.

A stand-in for the Lambda Runtime API takes the first request for work of each function, which says that its start is
over. Measured on this machine, for its processor; the default architecture of the template, arm64, differs a little.

    benches/functions.py                 builds for size, as `sam build` does (some minutes), and measures
    benches/functions.py --runs 20
"""

import argparse
import http.server
import pathlib
import statistics
import subprocess
import sys
import threading
import time
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
FUNCTIONS = sorted(path.name for path in (ROOT / "functions").iterdir() if path.is_dir())
MOST_ZIPPED_BYTES = 6_000_000
MOST_START_MS = 20


class RuntimeApi(http.server.BaseHTTPRequestHandler):
    """Answers nothing: the first request for work ends the measurement."""

    first_request = threading.Event()
    at = 0.0

    def do_GET(self):
        RuntimeApi.at = time.perf_counter()
        assert self.path == "/2018-06-01/runtime/invocation/next", self.path
        RuntimeApi.first_request.set()
        time.sleep(3600)

    def log_message(self, *_):
        pass


def settings(port):
    """The environment that the template gives a function."""
    queues = ["INBOUND", "INBOUND_SINGLE", "TRIAGE", "ASSIGNMENT", "DELIVERY", "EGRESS", "FEEDBACK", "TIMERS"]
    queues += ["PROJECTIONS", "INDEX"]
    return {
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}",
        "AWS_LAMBDA_FUNCTION_NAME": "measured",
        "AWS_LAMBDA_FUNCTION_VERSION": "1",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        "AWS_LAMBDA_LOG_GROUP_NAME": "none",
        "AWS_LAMBDA_LOG_STREAM_NAME": "none",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        # Nobody listens there: a start that asks a service for something fails here.
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "DOCKET_TENANT": "main",
        "TICKETS_TABLE": "tickets",
        "GUARD_TABLE": "guard",
        "BUCKET": "bucket",
        "SEARCH_FUNCTION": "search",
        "MAIL_DOMAIN": "help.example.com",
        "BRAND_NAME": "Help",
        "PUBLIC_URL": "https://help.example.com",
        "CONFIGURATION_SET": "",
        "SECRETS_PREFIX": "/docket/desk",
        "RUST_LOG": "info",
        **{f"{queue}_QUEUE": f"https://queue/{queue}" for queue in queues},
    }


def start_once(binary, port):
    """Milliseconds from the process to its first request for work, and its resident memory then, in MB."""
    RuntimeApi.first_request.clear()
    begun = time.perf_counter()
    process = subprocess.Popen([binary], env=settings(port), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        if not RuntimeApi.first_request.wait(10):
            process.kill()
            raise SystemExit(f"{binary.name} never asked for work: {process.stderr.read().decode()[:500]}")
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        memory_kb = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
        return (RuntimeApi.at - begun) * 1000, memory_kb / 1024
    finally:
        process.kill()
        process.wait()


def zipped_bytes(binary):
    path = ROOT / "target" / "measured.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(binary, "bootstrap")
    size = path.stat().st_size
    path.unlink()
    return size


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--runs", type=int, default=11, help="starts of each function; the median is shown")
    arguments = arguments.parse_args()
    build = ["cargo", "build", "--profile", "function", "--workspace", "--bins", "--exclude", "docket", "--locked", "--quiet"]
    subprocess.run(build, cwd=ROOT, check=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), RuntimeApi)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"{'function':16} {'zipped, MB':>10} {'start, ms':>10} {'memory, MB':>10}")
    over = []
    for name in FUNCTIONS:
        binary = ROOT / "target" / "function" / name
        runs = [start_once(binary, server.server_address[1]) for _ in range(arguments.runs)]
        size, start = zipped_bytes(binary), statistics.median(run[0] for run in runs)
        print(f"{name:16} {size / 1e6:10.2f} {start:10.1f} {statistics.median(run[1] for run in runs):10.1f}", flush=True)
        if size > MOST_ZIPPED_BYTES or start > MOST_START_MS:
            over.append(name)
    if over:
        sys.exit(f"over {MOST_ZIPPED_BYTES / 1e6:.0f} MB or {MOST_START_MS} ms: {', '.join(over)}")


if __name__ == "__main__":
    main()
