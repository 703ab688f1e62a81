"""The house holds together: apps point down, writes go through actions, and people are never deleted.

docs/architecture.md says why. Each check has its counterpart below it: the same check, on a house that breaks it.
"""

import ast
import re
import subprocess
import sys
import tomllib
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.contenttypes.fields import GenericForeignKey
from django.core.management import call_command
from django.db.models import PROTECT, ForeignObject
from django.urls import URLPattern, get_resolver

ROOT = Path(settings.BASE_DIR)
# Who may know whom: each floor may know the floors below it. The contract in pyproject.toml is the one place that says.
CONTRACT = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
FLOORS = [[app.strip() for app in floor.split("|")] for floor in CONTRACT["layers"]]
FLOOR = {app: height for height, floor in enumerate(reversed(FLOORS)) for app in floor}
SUPPORT = {"notices", "journal", "boundary"}
# Pages of libraries that we dress ourselves belong to the app that uses the library.
DRESSED = {"account": "actors", "mfa": "actors", "socialaccount": "actors", "allauth": "actors"}
LONGEST = 400  # lines of a file, of tests too; then it is split along what it is about
SIGNALS = re.compile(r"django\.(db\.models|core|dispatch|test)\.?signals|django\.dispatch|Signal\(")
TEMPLATE_URL = re.compile(r"{%\s*url\s+['\"]([^'\"]+)['\"]")
REVERSE = re.compile(r"\b(?:reverse|reverse_lazy|redirect|url_of)\(\s*[\"']([A-Za-z_:\-]+)[\"']")


def sources():
    """Every Python file of ours that runs in production: (app, path)."""
    for app in FLOOR:
        for path in sorted((ROOT / app).rglob("*.py")):
            yield app, path


def templates():
    """Every template of ours: (app or None for shared frames and components, path)."""
    for folder in (ROOT / "templates", *(ROOT / app / "templates" for app in FLOOR)):
        for path in sorted(folder.rglob("*.*")):
            first = path.relative_to(folder).parts[0]
            yield (first if first in FLOOR else DRESSED.get(first)), path


def points_down(app, other):
    """May this app know the other one? Itself, and the floors below; beside it only itself."""
    return app == other or FLOOR[app] > FLOOR[other]


# --- imports --------------------------------------------------------------------------------


def test_imports_point_down():
    lint = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    checked = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "1 kept, 0 broken" in checked.stdout


def hidden_imports(tree):
    """The modules of ours that are imported inside a function."""
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    inner = [node for function in functions for node in ast.walk(function)]
    names = [node.module or "" for node in inner if isinstance(node, ast.ImportFrom)]
    names += [alias.name for node in inner if isinstance(node, ast.Import) for alias in node.names]
    return sorted({name for name in names if name.split(".")[0] in FLOOR})


def test_no_import_hides_in_a_function():
    hidden = {str(path): hidden_imports(ast.parse(path.read_text())) for _app, path in sources()}
    # Apps announce themselves in ready(), when the models are there: that is Django's own place for it.
    assert {path: names for path, names in hidden.items() if names and not path.endswith("/apps.py")} == {}


def test_a_hidden_import_would_be_found():
    hiding = "def tell():\n    from solutions import models\n"
    assert hidden_imports(ast.parse(hiding)) == ["solutions"]


# --- tables --------------------------------------------------------------------------------


def own_models():
    """Every table of our own apps."""
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in FLOOR]


def relations(model):
    """The foreign keys and many-to-many relations that a table declares."""
    fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
    return [field for field in fields if isinstance(field, ForeignObject) or field.many_to_many]


def test_foreign_keys_point_down():
    keys = [(model, field) for model in own_models() for field in relations(model)]
    ours = [(model, field) for model, field in keys if field.related_model._meta.app_label in FLOOR]
    assert ours
    assert [
        str(field)
        for model, field in ours
        if not points_down(model._meta.app_label, field.related_model._meta.app_label)
    ] == []


def test_support_apps_know_no_table():
    supports = [model for model in own_models() if model._meta.app_label in SUPPORT]
    assert [str(field) for model in supports for field in relations(model)] == []


def test_a_person_is_never_deleted_with_something_of_theirs():
    person = apps.get_model(settings.AUTH_USER_MODEL)
    keys = [field for model in own_models() for field in relations(model) if field.related_model is person]
    assert keys
    assert [
        str(field) for field in keys if field.many_to_many or field.remote_field.on_delete is not PROTECT
    ] == []


def test_no_generic_foreign_key():
    fields = [field for model in own_models() for field in model._meta.private_fields]
    assert [field for field in fields if isinstance(field, GenericForeignKey)] == []


@pytest.mark.django_db
def test_migrations_are_complete():
    said = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=said)
    assert said.getvalue().strip() == "No changes detected"


# --- addresses --------------------------------------------------------------------------------


def owners_of_names(patterns=None, found=None):
    """Which of our apps serves each named address."""
    found = {} if found is None else found
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            app = getattr(pattern.callback, "__module__", "").split(".")[0]
            if pattern.name and app in FLOOR:
                found[pattern.name] = app
        else:
            owners_of_names(pattern.url_patterns, found)
    return found


def upward(app, names, owners):
    """The addresses among these that belong to a higher app."""
    return [name for name in names if name in owners and not points_down(app, owners[name])]


def test_reversed_names_point_down():
    owners = owners_of_names()
    assert owners
    found = {str(path): upward(app, REVERSE.findall(path.read_text()), owners) for app, path in sources()}
    assert {path: names for path, names in found.items() if names} == {}


def test_links_in_templates_point_down():
    owners = owners_of_names()
    found = {
        str(path): upward(app or "boundary", TEMPLATE_URL.findall(path.read_text()), owners)
        for app, path in templates()
        # The frame around every page belongs to the whole, not to the lowest app.
        if app or "components" in path.parts
    }
    assert {path: names for path, names in found.items() if names} == {}


def test_an_upward_link_would_be_found():
    owners = {"proposal": "solutions", "partnership": "partnerships"}
    assert upward("partnerships", TEMPLATE_URL.findall("{% url 'proposal' 1 %}"), owners) == ["proposal"]
    assert upward("partnerships", REVERSE.findall('redirect("proposal", slug)'), owners) == ["proposal"]
    assert upward("solutions", REVERSE.findall('redirect("partnership", slug)'), owners) == []


# --- habits --------------------------------------------------------------------------------


def test_no_signals_between_our_apps():
    listening = [str(path) for _app, path in sources() if SIGNALS.search(path.read_text())]
    # Celery and the web server have signals of their own; none of ours may carry a deed from app to app.
    assert listening == []


def test_a_signal_would_be_found():
    assert SIGNALS.search("from django.db.models.signals import post_save")
    assert SIGNALS.search("from django.dispatch import receiver")


def callers(name):
    """The files that call a function of this name."""
    for _app, path in sources():
        calls = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        if name in {getattr(call, "attr", None) or getattr(call, "id", None) for call in calls}:
            yield path.relative_to(ROOT).as_posix()


def test_only_one_place_moves_a_stage():
    assert set(callers("move_stage")) == {"cocreate/stages.py"}


def too_long(paths, most=LONGEST):
    """Those of the files that nobody reads in one go, with their length."""
    lengths = {path: len(path.read_text().splitlines()) for path in paths}
    return {path.name: length for path, length in lengths.items() if length > most}


def test_a_file_is_read_in_one_go():
    ours = [path for _app, path in sources() if "migrations" not in path.parts]
    ours += [path for folder in ("tests", "bench") for path in (ROOT / folder).rglob("*.py")]
    assert len(ours) > 200
    assert too_long(ours) == {}


def test_a_long_file_would_be_found(tmp_path):
    for length in (LONGEST, LONGEST + 1):
        (tmp_path / f"test_{length}.py").write_text("pass\n" * length)
    assert too_long(tmp_path.iterdir()) == {"test_401.py": 401}


def test_the_admin_adds_changes_and_deletes_nothing(rf, django_user_model):
    request = rf.get("/admin/")
    request.user = django_user_model(is_staff=True)
    registered = admin.site._registry.values()
    assert len(registered) > 0
    open_doors = [
        (model_admin, deed)
        for model_admin in registered
        for deed in ("add", "change", "delete")
        if getattr(model_admin, f"has_{deed}_permission")(request)
    ]
    assert open_doors == []
