"""A backup, a restore, and what must hold after it: the drill of docs/operations.md, with the commands it gives.

A site with the demonstration and sent mail is dumped with `pg_dump -Fc` while messages are unsent; those go out after
the backup. The dump is restored into another database and the workers are started on it: nothing may be sent again,
every row must be back, and the journal's chains must be whole. It then resumes as an operator would.

    python -m bench.restore [--number 500] [--server postgres://postgres@127.0.0.1:5433/postgres] [--programs DIR]

Without --server it starts the embedded PostgreSQL. --programs is the folder of pg_dump and pg_restore.
"""

import argparse
import collections
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench._servers import ROOT
from bench.invitations import Crew, Sink, convene, send, wait_for
from cocreate import embedded

OWNER = "roundtable"  # an ordinary role, as on a server: neither superuser nor allowed to make databases
UNSENT = 30  # messages owed at the time of the backup
NEW = 5  # messages owed only after the restore
WATCH = 10  # seconds that clock and workers run on the restored database


class Server:
    """One PostgreSQL: its administrator's connection, and the programs that speak to it."""

    def __init__(self, url, programs):
        import environ

        config = environ.Env.db_url_config(url)
        self.host, self.port, self.admin = config["HOST"], str(config["PORT"] or 5432), config["USER"]
        self.programs = programs

    def run(self, program, *words, user=None):
        """A program of PostgreSQL, and the seconds it took."""
        began = time.perf_counter()
        where = ["-h", self.host, "-p", self.port, "-U", user or self.admin]
        subprocess.run([self.programs / program, *where, *words], check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - began

    def sql(self, database, statement, user=None):
        """The rows that a statement gives, as text."""
        command = [self.programs / "psql", "-h", self.host, "-p", self.port, "-U", user or self.admin]
        told = subprocess.run(
            [*command, "-d", database, "-AtXc", statement], check=True, capture_output=True, text=True
        )
        return told.stdout.splitlines()

    def url(self, database):
        """DATABASE_URL of a database of the site's own role."""
        if self.host.startswith("/"):
            return f"postgres://{OWNER}@/{self.host}/{database}"
        return f"postgres://{OWNER}@{self.host}:{self.port}/{database}"

    def make(self, database):
        """An empty database that the site's role owns."""
        self.run("createdb", "--owner", OWNER, "--template", "template0", "--encoding", "UTF8", database)


@contextlib.contextmanager
def servers(options, folder):
    """The PostgreSQL of this drill; its broker is in REDIS_URL."""
    with contextlib.ExitStack() as stack:
        os.environ["REDIS_URL"] = stack.enter_context(embedded.broker())
        programs = Path(options.programs) if options.programs else embedded._postgres_programs(folder)
        server = Server(options.server or stack.enter_context(embedded.database(folder)), programs)
        server.sql("postgres", f"DROP ROLE IF EXISTS {OWNER}")
        server.sql("postgres", f"CREATE ROLE {OWNER} LOGIN")
        try:
            yield server
        finally:
            for database in ("drill_before", "drill_after"):
                server.run("dropdb", "--if-exists", "--force", database)
            server.sql("postgres", f"DROP ROLE IF EXISTS {OWNER}")


def manage(*words):
    """`manage.py` in a process of its own: (exit code, what it said)."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=os.environ, capture_output=True, text=True
    )
    return done.returncode, (done.stdout + done.stderr).strip()


def counted(server, database):
    """{table: rows} of every table."""
    tables = server.sql(
        database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1", OWNER
    )
    counts = " UNION ALL ".join(f"SELECT '{name} ' || count(*) FROM \"{name}\"" for name in tables)  # noqa: S608
    return dict(line.split() for line in server.sql(database, counts, OWNER))


def owe_anew():
    """New messages in the restored database: these must go out, or the silence before would prove nothing."""
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = "drill_after"
    platform, convener = _host()
    send(convene(platform, convener, "new", NEW), convener)


def _host():
    from actors.models import Person
    from partnerships.models import Platform

    return Platform.objects.get(slug="your-municipality"), Person.objects.get(name="Convener")


def fill(sink, number):
    """The demonstration, `number` invitations sent, and some that are owed: what they are is in the database."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("prepare", verbosity=0)
    platform, convener = _host()
    send(convene(platform, convener, "sent", number), convener)
    crew = Crew(sink.port)
    try:
        wait_for(sink, number)
        time.sleep(2)  # what the demonstration owes goes out too
    finally:
        crew.stop()
    send(convene(platform, convener, "owed", UNSENT), convener)


def drill(server, sink, folder, number):
    """Fill, back up, go on, restore, watch, resume; returns the figures."""
    dump = folder / "roundtable.dump"
    server.make("drill_before")
    os.environ["DATABASE_URL"] = server.url("drill_before")
    fill(sink, number)
    code, heads = manage("verify_journal", "--heads")
    dumped = server.run("pg_dump", "--format=custom", "--file", str(dump), "drill_before")
    rows = counted(server, "drill_before")
    crew = Crew(sink.port)  # life goes on after the backup: what was owed is sent
    wait_for(sink, len(set(sink.message_ids())) + UNSENT)
    crew.stop()
    before = len(sink.message_ids())

    server.make("drill_after")
    words = ("--no-owner", "--role", OWNER, "--exit-on-error", "--dbname", "drill_after", str(dump))
    restored = server.run("pg_restore", *words)
    back = counted(server, "drill_after")
    os.environ["DATABASE_URL"] = server.url("drill_after")
    whole = manage("verify_journal")
    same_heads = manage("verify_journal", "--heads") == (code, heads)
    crew = Crew(sink.port)
    time.sleep(WATCH)
    crew.stop()
    sent_while_paused = len(sink.message_ids()) - before
    refused = manage("resume_notices")
    resumed = manage("resume_notices", "--hold-unsent")
    owe_anew()
    crew = Crew(sink.port)
    time.sleep(WATCH)
    crew.stop()
    times = collections.Counter(sink.message_ids())
    for code, words in (whole, refused, resumed):
        sys.stderr.write(f"[{code}] {words}\n")
    return {
        "bench": "restore",
        "server": server.sql("postgres", "SHOW server_version")[0].split()[0],
        "rows": sum(map(int, rows.values())),
        "tables": len(rows),
        "dump_kb": dump.stat().st_size // 1024,
        "dump_seconds": round(dumped, 2),
        "restore_seconds": round(restored, 2),
        "tables_that_differ": sum(rows[name] != back.get(name) for name in rows),
        "journal_whole": whole[0] == 0,
        "same_heads": same_heads,
        "unsent_in_the_backup": UNSENT,
        "sent_while_paused": sent_while_paused,
        "resume_without_a_choice_refused": refused[0] != 0,
        "owed_after_resuming": NEW,
        "sent_after_resuming": len(sink.message_ids()) - before - sent_while_paused,
        "messages": len(times),
        "sent_twice": sum(count > 1 for count in times.values()),
    }


def main():
    """Run the drill; the last line is its figures, and the exit code says whether all held."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--number", type=int, default=500)
    parser.add_argument("--server", help="an administrator's address of a running PostgreSQL")
    parser.add_argument("--programs", help="the folder of its pg_dump and pg_restore")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that what was started is stopped
    with tempfile.TemporaryDirectory(prefix="drill-") as name, contextlib.ExitStack() as stack:
        os.chmod(name, 0o711)  # the database may run as another user, who must get through
        folder = Path(name)
        os.environ.update(
            DJANGO_SETTINGS_MODULE="cocreate.settings",
            SECRET_KEY="drill" * 12,
            DATA_DIR=name,
            SITE_URL="http://localhost:8000",
            DEMO="1",
            LOG_LEVEL="ERROR",
            PYTHONWARNINGS="ignore:You're running the worker with superuser",
        )
        server = stack.enter_context(servers(options, folder))
        sink = Sink(folder, "accepted")
        stack.callback(sink.stop)
        figures = drill(server, sink, folder, options.number)
    print(json.dumps(figures))
    held = figures["journal_whole"] and figures["same_heads"] and figures["resume_without_a_choice_refused"]
    held = held and figures["sent_after_resuming"] == NEW
    wrong = ("tables_that_differ", "sent_while_paused", "sent_twice")
    return 0 if held and not any(figures[name] for name in wrong) else 1


if __name__ == "__main__":
    sys.exit(main())
