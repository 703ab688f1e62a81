"""docs/operations.md says of every variable what it is and what it is by default, and of every queue who serves it."""

import ast
import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import get_commands
from django.test import Client
from django.urls import reverse

from cocreate.celery import app

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "operations.md").read_text()
READERS = ("settings.py", "gunicorn.py", "run.py", "welcome.py", "healthcheck.py")
# `make run` tells its own processes so; nobody sets them.
BETWEEN_OURSELVES = {"COCREATE_RUN", "RUN_STARTED_AT", "MAIL_IS_CAUGHT"}
NOTHING = object()


def variables_read(source):
    """{name: default or NOTHING} of the environment variables that Python source reads."""
    found = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) in ("os.environ", "environ"):
            found.setdefault(_constant(node.slice), NOTHING)
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called, name = ast.unparse(node.func), _constant(node.args[0])
        if called in ("os.environ.get", "environ.get"):
            _note(found, name, node.args[1:2])
        elif called == "env.str":
            _note(found, name, [word.value for word in node.keywords if word.arg == "default"])
        elif called == "checked":
            _note(found, name, node.args[2:3])
        elif called == "required":
            found[name] = "required"
    return {name: default for name, default in found.items() if isinstance(name, str)}


def _note(found, name, defaults):
    if defaults and _constant(defaults[0]) is not NOTHING:
        found[name] = _constant(defaults[0])
    else:
        found.setdefault(name, NOTHING)


def _constant(node):
    try:
        return ast.literal_eval(node)
    except ValueError:
        return NOTHING


def all_variables():
    """What all readers together read; the first one that names a default has it."""
    found = {}
    for file in READERS:
        for name, default in variables_read((ROOT / "cocreate" / file).read_text()).items():
            if found.get(name, NOTHING) is NOTHING:
                found[name] = default
    return {name: default for name, default in found.items() if name not in BETWEEN_OURSELVES}


def written():
    """{name: default cell} of the table."""
    section = PAGE.split("## 4. Every variable")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", section, re.MULTILINE))


def in_words(default):
    if default in ("", []):
        return "–"
    return f"`{'off' if default is False else default}`"


def test_every_variable_is_written_down_and_no_other():
    assert set(written()) == set(all_variables())


def test_every_default_is_the_one_written_down():
    table = written()
    for name, default in all_variables().items():
        if default == "required":
            assert table[name].startswith("required"), name
        elif default is not NOTHING:
            assert table[name] == in_words(default), name


def test_a_new_variable_would_be_found():
    source = 'A = env.str("ONE", default="x")\nB = checked("TWO", env.int, 3)\nC = os.environ["THREE"]\n'
    source += 'D = required("FOUR", "why")\nE = os.environ.get("FIVE", f"{A}")'
    assert variables_read(source) == {
        "ONE": "x",
        "TWO": 3,
        "THREE": NOTHING,
        "FOUR": "required",
        "FIVE": NOTHING,
    }


def test_every_command_that_it_names_exists():
    named = set(
        re.findall(r"roundtable ([a-z_]+)\b(?! \()", re.sub(r"roundtable (?:-|roundtable).*", "", PAGE))
    )
    commands = {
        name
        for name in named
        if "_" in name or name in ("migrate", "collectstatic", "check", "clearsessions")
    }
    assert {"start_platform", "verify_journal", "resume_notices", "forget_person"} <= commands
    assert commands - {"roundtable_restored"} <= set(get_commands())


def test_each_queue_of_the_clock_has_a_worker_on_the_page_and_in_docker():
    queues = {line["options"]["queue"] for line in app.conf.beat_schedule.values()}
    for text in (PAGE.replace("--queues ", ""), (ROOT / "docker-compose.yml").read_text().replace('"', "")):
        workers = re.findall(r"worker(?:,|) (?:--queues, )?(\w+)", text)
        assert queues <= set(workers)


@pytest.mark.django_db
def test_behind_a_proxy_one_visitor_cannot_use_up_the_limit_of_another(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    cache.clear()

    def asks(number, visitor):
        address = {"email": f"visitor{number}@example.org"}
        path = reverse("account_request_login_code")
        return Client().post(path, address, headers={"X-Forwarded-For": f"10.9.9.9, {visitor}"}).status_code

    answers = [asks(number, "203.0.113.7") for number in range(22)]
    assert answers[:20] == [302] * 20
    assert 302 not in answers[20:]
    assert asks(99, "203.0.113.8") == 302
    cache.clear()
