"""Leads one host name to a port of this machine, for the process that this folder is put on the path of and for nobody else."""

import os
import socket

_NAME, _PORT = os.environ["DOCKET_ONE_HOST"], int(os.environ["DOCKET_ONE_HOST_PORT"])
_resolve = socket.getaddrinfo


def _one_host(host, port, *rest, **named):
    name = host.decode() if isinstance(host, bytes) else host
    if name == _NAME:
        return _resolve("127.0.0.1", _PORT, *rest, **named)
    return _resolve(host, port, *rest, **named)


socket.getaddrinfo = _one_host
