"""What benchmarks share: their own database and broker, the web server, and a client that counts."""

import contextlib
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from cocreate import embedded

ROOT = Path(__file__).resolve().parent.parent


@contextlib.contextmanager
def site(settings="cocreate.settings", **environment):
    """Django set up against fresh embedded servers and a migrated database; yields the folder of its data."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that what was started is stopped
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, _servers_in(folder) as urls:
        os.environ.update(
            urls,
            DJANGO_SETTINGS_MODULE=settings,
            SECRET_KEY="bench" * 10,
            DATA_DIR=folder,
            SITE_URL="http://localhost:8000",
            LOG_LEVEL="ERROR",
            **environment,
        )
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        yield Path(folder)


def _servers_in(folder):
    os.chmod(folder, 0o711)  # the database may run as another user, who must get through
    return embedded.servers(Path(folder))


@contextlib.contextmanager
def web():
    """The real web server with two workers; yields its port."""
    port = embedded.free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "python:cocreate.gunicorn"]
    server = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PORT": str(port), "WEB_LOG_LEVEL": "error"}
    )
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(port, seconds=60):
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise SystemExit("The web server did not start.")


def fetch(port, path, cookie="", seconds=10):
    """One GET over a new connection, as a sync worker serves it: (status, number of bytes)."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept-Language: en\r\n"
    request += f"Cookie: {cookie}\r\n\r\n" if cookie else "\r\n"
    with socket.create_connection(("127.0.0.1", port), seconds) as connection:
        connection.sendall(request.encode())
        parts = []
        while chunk := connection.recv(65536):
            parts.append(chunk)
    answer = b"".join(parts)
    return int(answer[9:12]), len(answer)


def rate(port, path, cookie="", *, requests=160, clients=4):
    """Requests a second that `clients` get answered with 200, over `requests` requests."""
    left, lock, wrong = [requests], threading.Lock(), []

    def client():
        while True:
            with lock:
                if not left[0]:
                    return
                left[0] -= 1
            status, _size = fetch(port, path, cookie)
            if status != 200:
                wrong.append(status)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise SystemExit(f"{path} answered {wrong[0]}")
    return requests / (time.perf_counter() - began)


def median(values):
    return statistics.median(values)
