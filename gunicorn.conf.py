"""How gunicorn runs the program, here and in production: threads, loaded once, the garbage collector at rest."""

from __future__ import annotations

import gc
import os
import socket
import struct
from typing import Any

from fundapp.web import clerk, herald, postman

wsgi_app = "wsgi:app"
worker_class = "gthread"
workers = int(os.environ.get("FUNDAPP_WORKERS") or 1)
threads = int(os.environ.get("FUNDAPP_THREADS") or 8)
bind = os.environ.get("FUNDAPP_BIND") or "127.0.0.1:8000"
preload_app = True  # what every worker needs is in memory once; a fault shows before the first request
timeout = 60  # seconds until a worker that says nothing is replaced
graceful_timeout = 10
STALLED = 20  # seconds in which nothing arrives of a request that has begun
limit_request_line = 8190
forwarder_headers = ""  # or a header SCRIPT_NAME, which any browser can send, says where links of a page lead
loglevel = "error"  # requests are logged by the program itself; Ctrl-C needs no warning from each worker
control_socket_disable = True


def when_ready(server: Any) -> None:
    """Say where the program is, once it is listening. What it accepts takes this over from the listener: gunicorn
    itself waits for the rest of a request without end, and eight lines that broke would be all its threads."""
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", STALLED, 0))
    for address in server.cfg.address:
        host, port = address[:2] if isinstance(address, tuple) else (address, "")
        print(f"fundapp is at http://{host}:{port} (Ctrl-C ends it)", flush=True)


def post_fork(server: Any, worker: Any) -> None:
    """What was loaded before the fork stays: the collector need not walk it again and again (a third of the p99)."""
    gc.collect()
    gc.freeze()


def post_worker_init(worker: Any) -> None:
    """Letters are written and sent, files are read beside the pages; no thread survives the fork: it begins here."""
    postman.start(worker.wsgi)
    clerk.start(worker.wsgi)
    herald.start(worker.wsgi)
