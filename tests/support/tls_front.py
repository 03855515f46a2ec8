"""TLS in front of a desk, under a name of its own: what a load balancer does, on the loopback address."""

import contextlib
import http.client
import http.server
import ssl
import threading

# What belongs to one connection and is not passed on.
_OF_A_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "content-length"}


def _handler(name, port):
    class Front(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self):
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            desk = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
            with contextlib.closing(desk):
                headers = {key: value for key, value in self.headers.items() if key.lower() not in _OF_A_CONNECTION}
                desk.request(self.command, self.path, body or None, {**headers, "Host": name, "X-Forwarded-Proto": "https"})
                answer = desk.getresponse()
                read = answer.read()
            self.send_response(answer.status)
            for key, value in answer.getheaders():
                if key.lower() not in _OF_A_CONNECTION:
                    self.send_header(key, value)
            self.send_header("Content-Length", str(len(read)))
            self.end_headers()
            self.wfile.write(read)

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _pass_on

        def log_message(self, *_):
            pass

    return Front


class TlsFront:
    """Speaks TLS as `name` on a free port and passes calls on to a desk. `trustme` makes the certificate."""

    def __init__(self, name, desk_port, folder):
        import trustme

        authority = trustme.CA()
        self.authority_path = folder / "authority.pem"
        authority.cert_pem.write_to_path(self.authority_path)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(name, desk_port))
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
