"""The whole site on this machine with one command: `make run`.

    python -m cocreate.run

Servers that the environment names (DATABASE_URL, REDIS_URL, SMTP_HOST) are used; the others are started here, private
and with their data in DATA_DIR (var/). It listens on PORT (8000), on this machine only.
"""

import contextlib
import errno
import fcntl
import json
import os
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from honcho.manager import Manager

from cocreate import embedded, leftovers

STARTED = time.time()
REMEMBERED = (
    *("DATABASE_URL", "REDIS_URL", "SMTP_HOST", "SMTP_PORT"),
    *("SECRET_KEY", "SITE_URL", "DEMO", "DATA_DIR"),
)


class Trouble(Exception):
    """Something the person at the keyboard can mend; the message says what and how."""


def main():
    """Start everything, run until Ctrl-C, stop everything."""
    signal.signal(signal.SIGTERM, _stop_at_once)
    try:
        with contextlib.ExitStack() as stack:
            return run(stack)
    except (Trouble, embedded.ServerTrouble) as trouble:
        sys.stderr.write(f"\n{trouble}\n")
        return 1
    except KeyboardInterrupt:
        return 0


def run(stack):
    """Prepare folder, servers and data; then hand over to the process manager."""
    folder = data_folder()
    say(f"data folder {folder}")
    environ = os.environ
    environ["COCREATE_RUN"] = leftovers.mark(folder)
    claim(stack, folder)
    environ.update(settings_of(folder, free_web_port()))
    stack.callback(say, "everything is stopped")
    start_servers(stack, environ, folder)
    leave_word(stack, environ, folder)
    prepare(environ, folder)
    return manage(environ)


def say(text):
    """A line of progress, with the seconds since the start."""
    sys.stdout.write(f"{time.time() - STARTED:6.1f} s  {text}\n")
    sys.stdout.flush()


def _stop_at_once(_number, _frame):
    raise KeyboardInterrupt


# --- the folder, the port, the settings ---------------------------------------------------------------------------


def data_folder():
    """DATA_DIR, made if missing; a clear word where it cannot be written."""
    folder = Path(os.environ.get("DATA_DIR") or embedded.ROOT / "var").resolve()
    try:
        (folder / "static").mkdir(parents=True, exist_ok=True)
        probe = folder / f".write-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Trouble(
            f"The data folder {folder} cannot be written ({error.strerror}). Make it writable for you,"
            " or choose another one:  make run DATA_DIR=/some/folder"
        ) from error
    return folder


def claim(stack, folder):
    """One run per data folder: refuse a second one, and stop what a killed one left behind."""
    lock = stack.enter_context((folder / "run.lock").open("a+"))
    try:
        fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Trouble(
            f"The site already runs from {folder}. Stop that one with Ctrl-C first, or give this one its own data"
            " and address:  make run DATA_DIR=/some/folder PORT=8001"
        ) from error
    if count := leftovers.stop(os.environ["COCREATE_RUN"]):
        say(f"stopped {count} processes that an earlier run left behind")


def free_web_port():
    """PORT, if nobody listens on it."""
    told = os.environ.get("PORT") or "8000"
    if not told.isdigit() or not 0 < int(told) < 65536:
        raise Trouble(f"PORT is {told!r}, and it must be a number from 1 to 65535:  make run PORT=8001")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(told)))
        except OSError as error:
            what = (
                "is used by another program"
                if error.errno == errno.EADDRINUSE
                else f"fails: {error.strerror}"
            )
            raise Trouble(
                f"Port {told} {what}. Choose another one:  make run PORT={int(told) % 65535 + 1}"
            ) from error
    return told


def settings_of(folder, port):
    """What the site is told, unless the environment says otherwise."""
    own_database = not os.environ.get("DATABASE_URL")
    told = {
        "PORT": port,
        "DATA_DIR": str(folder),
        "SECRET_KEY": os.environ.get("SECRET_KEY") or secret_key(folder),
        "SITE_URL": os.environ.get("SITE_URL") or f"http://localhost:{port}",
        # The demonstration never enters a database that is somebody's own unless they say so.
        "DEMO": os.environ.get("DEMO") or ("1" if own_database else "0"),
        "RUN_STARTED_AT": str(STARTED),
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser",  # in a container one often is
        "WEB_LOG_LEVEL": "warning",
    }
    if not os.environ.get("SMTP_HOST"):
        told |= {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(embedded.free_port()), "MAIL_IS_CAUGHT": "1"}
    return told


def secret_key(folder):
    """The key that signs sessions and links; made once per data folder, readable by its owner only."""
    path = folder / "secret-key"
    with contextlib.suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text() or _new_secret_key(path)


def _new_secret_key(path):
    """The file was made and never written: the run before ended between the two."""
    path.write_text(secrets.token_urlsafe(64))
    return path.read_text()


# --- servers and data -----------------------------------------------------------------------------------------------


def start_servers(stack, environ, folder):
    """Start the servers that the environment does not name."""
    if environ.get("DATABASE_URL"):
        say("using the database of DATABASE_URL")
    else:
        place, why = embedded.place_for(folder)
        if why:
            say(why)
        environ["DATABASE_URL"] = stack.enter_context(embedded.database(place))
        say("PostgreSQL answers")
        begin_again_if_half_finished(environ, folder)
    if environ.get("REDIS_URL"):
        say("using the broker of REDIS_URL")
    else:
        environ["REDIS_URL"] = stack.enter_context(embedded.broker())
        say("the broker answers")


def begin_again_if_half_finished(environ, folder):
    """A first run that was cut off while it filled the database is undone; nobody had used that site yet."""
    if (folder / "first-run-finished").exists():
        return
    begun = folder / "first-run-begun"
    if begun.exists():
        say("the first run did not finish: beginning again with an empty database")
    embedded.drop_database(environ["DATABASE_URL"])
    begun.touch()


def leave_word(stack, environ, folder):
    """While the site runs, let `manage.py` speak to the same servers."""
    path = folder / embedded.RUNNING
    path.touch(mode=0o600)
    path.write_text(json.dumps({name: environ[name] for name in REMEMBERED if name in environ}))
    stack.callback(path.unlink, missing_ok=True)


def prepare(environ, folder):
    """Bring the tables up to date and load the demonstration."""
    command = [sys.executable, "manage.py", "prepare"]
    # In a session of its own, a Ctrl-C reaches it through us: it ends, without a page of Python.
    done = subprocess.run(command, cwd=embedded.ROOT, env=environ, start_new_session=True)
    if done.returncode:
        raise Trouble("The database could not be prepared; the lines above say why.")
    (folder / "first-run-finished").touch()
    (folder / "first-run-begun").unlink(missing_ok=True)
    say("the data is ready")


# --- the processes ----------------------------------------------------------------------------------------------------


def manage(environ):
    """Run web, workers, clock and mail catcher until one ends or Ctrl-C comes; the exit code."""
    manager = Manager()
    for name, words in commands(environ).items():
        manager.add_process(
            name, f"exec {shlex.quote(sys.executable)} -m {words}", env=dict(environ), cwd=str(embedded.ROOT)
        )
    manager.loop()
    if manager.returncode not in (0, 130, 143):
        raise Trouble(
            "One of the processes ended by itself; the lines above say why. The others were stopped."
        )
    return 0


def commands(environ):
    """The processes of the site: name -> Python module and its words."""
    worker = "celery --quiet -A cocreate worker --loglevel warning --concurrency 1 --without-gossip --without-mingle"
    schedule = shlex.quote(str(Path(environ["DATA_DIR"]) / "beat-schedule"))
    processes = {
        "web": "gunicorn -c python:cocreate.gunicorn",
        # One worker per lane, so that a bulk of thousands never holds up a sign-in mail.
        "prompt": f"{worker} --queues prompt --hostname prompt@localhost",
        "bulk": f"{worker} --queues bulk --hostname bulk@localhost",
        "clock": f"celery --quiet -A cocreate beat --loglevel warning --pidfile= --schedule {schedule}",
    }
    if environ.get("MAIL_IS_CAUGHT"):
        processes["mail"] = "cocreate.mailcatcher"
    return processes


if __name__ == "__main__":
    sys.exit(main())
