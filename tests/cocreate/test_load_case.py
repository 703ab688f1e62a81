"""A case file becomes a partnership by the same actions and gates as any other, and says what was added."""

import copy
import datetime
import json
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from actors.models import Organization, Person, Side
from boundary.answer import Refused
from cocreate import stages
from cocreate.cases.loading import AlreadyLoaded, load
from cocreate.cases.reading import NOT_READ, BrokenCase, read, without_names
from cocreate.cases.records import rows
from cocreate.cases.run import side_of_actor
from cocreate.cases.times import day_of, ordered
from cocreate.demonstration import CASES
from journal.models import Entry
from notices.models import Notice
from partnerships.models import (
    Commitment,
    Contribution,
    Decision,
    Partnership,
    Platform,
    Provenance,
    Revision,
)
from partnerships.stages import Stage
from solutions.models import Authorization, AuthorizationRequest, Measurement, Step

pytestmark = pytest.mark.django_db
FILES = sorted(path.stem for path in CASES.glob("*.json"))
JUDGEMENTS = {
    "theory_test": {"public": {"define": 3}, "expected_label": "co-creation"},
    "assessment": {"verdict": "co_creation", "reason": "Compiler’s opinion."},
    "polarity": "positive",
    "negative_type": "dumping",
}


def facts(name="solrod-biogas"):
    return json.loads((CASES / f"{name}.json").read_text())


def written(tmp_path, case):
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case))
    return path


def contents(partnership):
    """Every row of a partnership without its ids, table by table, in order."""
    found = {}
    for table, records in rows(partnership):
        plain = [
            field.name for field in table._meta.fields if not field.is_relation and not field.primary_key
        ]
        told = records.values_list(*(name for name in plain if name not in ("digest", "nonce")), "pk")
        found[table.__name__] = sorted(str(row[:-1]) for row in told)
    found["marks"] = sorted(map(str, partnership.provenance.values_list("basis", "sources")))
    found["deeds"] = list(Entry.objects.of(partnership.pk).values_list("verb", "at"))
    return found


# --- loading ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_each_file_becomes_a_partnership_that_keeps_the_rules(name):
    partnership = load(read(CASES / f"{name}.json"))
    assert partnership.stage == Stage.IMPLEMENT
    assert partnership.reconstructed_from
    for visit in partnership.visits.all()[:5]:
        assert visit.left_at > visit.entered_at
    problem = Decision.objects.get(partnership=partnership, text__kind="problem")
    assert problem.outcome == Decision.Outcome.ADOPTED
    agreed = set(problem.positions.filter(choice="agree").values_list("member__side", flat=True))
    assert agreed == {Side.PUBLIC, Side.NON_PUBLIC}
    assert Authorization.objects.filter(request__partnership=partnership).exists()
    assert not Notice.objects.exists()  # history is not news
    carried = Commitment.objects.filter(partnership=partnership, ownership__isnull=False)
    assert set(carried.values_list("state", flat=True)) == {"kept"}


def in_order(*days):
    return list(days) == sorted(days)


@pytest.mark.parametrize("name", FILES)
def test_what_is_put_to_a_body_was_adopted_by_both_sides_before(name):
    partnership = load(read(CASES / f"{name}.json"))
    requests = AuthorizationRequest.objects.filter(partnership=partnership)
    assert requests
    for request in requests:
        decision = Decision.objects.get(revision=request.revision)
        assert decision.outcome == Decision.Outcome.ADOPTED
        answered = decision.positions.values_list("member__side", "choice")
        assert {side for side, choice in answered if choice == "agree"} == {Side.PUBLIC, Side.NON_PUBLIC}
        assert in_order(decision.opened_at, decision.closed_at, request.asked_at)
        assert decision.closed_at - decision.opened_at > datetime.timedelta(days=6)
        assert in_order(request.asked_at.date(), request.meeting_on, request.authorization.decided_on)
        assert Provenance.objects.get(subject=decision.pk).basis == "added"
    text = partnership.value_proposition.text
    assert text.adopted_revision == text.revisions.first()


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_overdue_and_each_stage_ends_when_it_was_to_end(name):
    partnership = load(read(CASES / f"{name}.json"))
    *left, present = partnership.visits.order_by("number")
    assert present.due_on is None  # no source tells of a plan
    assert [visit.due_on for visit in left] == [visit.left_at.date() for visit in left]
    for step in Step.objects.filter(partnership=partnership):
        assert step.reports.latest("at").status == "done"
        assert step.due_on >= partnership.visits.filter(stage=Stage.IMPLEMENT).first().entered_at.date()


def test_a_second_answer_later_on_is_asked_for_again_in_the_middle_of_the_plan(tmp_path):
    case = facts()
    case["authorization"].append(case["authorization"][1] | {"date": "2017-03-01", "decision": "Extended."})
    partnership = load(read(written(tmp_path, case)))
    assert list(partnership.visits.order_by("number").values_list("stage", flat=True))[5:] == [
        "implement",
        "authorize",
        "implement",
    ]
    for visit in partnership.visits.exclude(left_at=None):
        assert visit.due_on == visit.left_at.date()
    last = AuthorizationRequest.objects.latest("asked_at")
    assert in_order(last.asked_at.date(), last.authorization.decided_on)
    assert last.revision == partnership.value_proposition.text.adopted_revision
    reported = [step.reports.latest("at").at for step in Step.objects.order_by("number")]
    assert reported == sorted(reported)


def test_a_later_no_leaves_the_case_with_those_who_decide(tmp_path):
    case = facts()
    case["authorization"].append(case["authorization"][1] | {"date": "2017-03-01", "decision": "Rejected."})
    partnership = load(read(written(tmp_path, case)))
    assert partnership.stage == Stage.AUTHORIZE
    assert Step.objects.filter(partnership=partnership).exists()


def test_what_is_put_to_a_body_says_what_was_known_by_then():
    partnership = load(read(CASES / "solrod-biogas.json"))
    odour = Contribution.objects.get(partnership=partnership, body__startswith="Neighbours tell of odour")
    assert odour.created_at > partnership.visits.get(stage=Stage.IMPLEMENT).entered_at
    body = partnership.value_proposition.text.revisions.last().body
    assert "odour" not in body["legitimacy"]
    assert body["lose"] == "Those who live nearest to Åmarken if the plant smells."  # as in what was chosen
    assert "Approved the founding" not in body["legitimacy"]  # what is asked for is not in the asking


def test_every_record_says_what_it_rests_on():
    partnership = load(read(CASES / "solrod-biogas.json"))
    marked = set(Provenance.objects.filter(partnership=partnership).values_list("subject", flat=True))
    for table, records in rows(partnership):
        assert set(records.values_list("pk", flat=True)) <= marked, table
    measured = Measurement.objects.get(value="46300")
    mark = Provenance.objects.get(subject=measured.pk)
    assert mark.basis == "stated"
    assert "https://sn.dk/Vestegnen/Helt-unikt-Rekordaar-for-biogas/artikel/737477?rss" in mark.sources


def test_two_values_of_one_indicator_both_stay():
    partnership = load(read(CASES / "solrod-biogas.json"))
    indicator = partnership.indicators.get(name="Greenhouse gases saved by the plant")
    assert [(m.measured_on.year, int(m.value)) for m in indicator.measurements.all()] == [
        (2016, 40000),
        (2017, 46300),
    ]


def test_side_follows_control():
    load(read(CASES / "solrod-biogas.json"))
    assert Organization.objects.get(name="Solrød Biogas A/S").side == Side.PUBLIC
    assert (
        side_of_actor({"sector": "private", "kind": "firm", "note": "Majority owned by the council"})
        == Side.PUBLIC
    )
    assert (
        side_of_actor({"sector": "private", "kind": "firm", "note": "Owned by its founders"})
        == Side.NON_PUBLIC
    )
    assert side_of_actor({"sector": "academia", "kind": "university", "side": "public"}) == Side.PUBLIC


def test_judgements_are_never_read(tmp_path):
    case = facts()
    bare = contents(load(read(written(tmp_path, case))))
    judged = copy.deepcopy(case) | JUDGEMENTS
    assert set(JUDGEMENTS) == set(NOT_READ)
    assert read(written(tmp_path, judged)) == read(written(tmp_path, case))
    Partnership.objects.update(slug="the-first-one")
    again = contents(load(read(written(tmp_path, judged))))
    assert again == bare


def test_a_case_is_loaded_once(tmp_path):
    said = StringIO()
    call_command("load_case", CASES / "solrod-biogas.json", stdout=said)
    before = contents(Partnership.objects.get())
    call_command("load_case", CASES / "solrod-biogas.json", stdout=said)
    assert "solrod-biogas is loaded already: nothing was changed." in said.getvalue()
    assert contents(Partnership.objects.get()) == before
    with pytest.raises(AlreadyLoaded):
        load(read(CASES / "solrod-biogas.json"))


@pytest.mark.parametrize("until", ["initiate", "convene", "define", "design", "authorize", "implement"])
def test_it_stops_where_it_is_told(until):
    call_command("load_case", CASES / "solrod-biogas.json", until=until, platform="here", stdout=StringIO())
    partnership = Partnership.objects.get()
    assert (partnership.stage, partnership.platform.slug) == (until, "here")


def test_it_uses_a_platform_that_is_there():
    load(read(CASES / "solrod-biogas.json"), platform="together", until="convene")
    load(read(CASES / "gentofte-byens-hus.json"), platform="together", until="convene")
    assert Platform.objects.get().partnerships.count() == 2


# --- what the sources do not tell ---------------------------------------------------------------------------------


def test_without_an_elected_decision_it_waits_for_one(tmp_path):
    case = facts() | {"authorization": []}
    partnership = load(read(written(tmp_path, case)))
    assert partnership.stage == Stage.AUTHORIZE
    assert not Authorization.objects.exists()
    assert not stages.gate(partnership).passable


def test_who_is_missing_on_a_side_is_added_and_only_stands_aside(tmp_path):
    case = facts()
    for phase in ("problem_definition", "design"):
        case[phase]["who"] = ["mun"]
    case["voices"] = [voice for voice in case["voices"] if voice["actor"] == "mun"]
    case["options"] = case["options"][:1]
    partnership = load(read(written(tmp_path, case)), until="design")
    positions = Decision.objects.get(partnership=partnership).positions
    assert set(positions.filter(member__side=Side.NON_PUBLIC).values_list("choice", flat=True)) == {
        "stand_aside"
    }
    added = positions.filter(member__side=Side.NON_PUBLIC).first().member
    assert Provenance.objects.get(subject=added.pk).basis == "added"
    assert not Revision.objects.filter(citations__contribution__member=added).exists()


def test_unknown_days_keep_their_place():
    entries = [{"date": "2015"}, {"date": None}, {"date": "2012-03"}, {"date": "2016-01-09"}]
    assert [str(day) for day, _entry in ordered(entries)] == [
        "2012-03-15",
        "2015-07-01",
        "2015-07-02",
        "2016-01-09",
    ]
    assert day_of(None) is None


def test_a_vote_is_kept_at_the_detail_of_the_source(tmp_path):
    case = facts()
    council = {"body": "Solrød Byråd", "body_kind": "municipal council", "decision": "Yes."}
    case["authorization"] = [
        council | {"date": "2010", "vote": "unanimous"},
        council | {"date": "2011", "vote": "14 for, 5 against"},
        council
        | {"date": "2012", "vote": "A and B for; C against", "decision": "Yes, subject to a noise survey."},
        council | {"date": "2013", "vote": None},
        {
            "body": "An agency",
            "body_kind": "state agency",
            "date": "2012",
            "decision": "Approved.",
            "vote": None,
        },
    ]
    load(read(written(tmp_path, case)))
    found = Authorization.objects.order_by("decided_on").values_list(
        "vote_detail", "votes_for", "votes_text", "outcome"
    )
    assert list(found) == [
        ("unanimous", None, "", "granted"),
        ("counts", 14, "14 for, 5 against", "granted"),
        ("parties", None, "A and B for; C against", "conditional"),
        ("none", None, "", "granted"),
    ]
    assert Step.objects.get(condition_of__isnull=False).what == "a noise survey"


def test_nobody_is_named():
    told = without_names(
        {
            "event": "Opening by mayor Anna B. Holm and energy minister Bo Lund Krag.",
            "url": "https://x/mayor Anna Berg",
        }
    )
    assert told == {"event": "Opening by mayor and energy minister.", "url": "https://x/mayor Anna Berg"}
    load(read(CASES / "gentofte-byens-hus.json"))
    for person in Person.objects.all():
        assert person.email == ""
        assert re.match(
            r"Member for|Convener|Case officer|Secretary|Residents|Young|Councillors", person.name
        ), person.name


# --- broken files -------------------------------------------------------------------------------------------------

BROKEN = {
    "actors[0].sector": lambda case: case["actors"][0].update(sector="publik"),
    "timeline[1].date": lambda case: case["timeline"][1].update(date="June 2012"),
    "timeline[2].date": lambda case: case["timeline"][2].update(date="2011-02-30"),
    "design.who[1]": lambda case: case["design"]["who"].__setitem__(1, "nobody"),
    "actors": lambda case: case["actors"].append(dict(case["actors"][0])),
    "indicators[0].src[0]": lambda case: case["indicators"][0].update(src=["s99"]),
    "the whole file": lambda case: case.pop("problem"),
    "resources[0].from": lambda case: case["resources"][0].update({"from": "ghost"}),
}


@pytest.mark.parametrize("place", BROKEN)
def test_a_broken_file_names_the_place_and_changes_nothing(tmp_path, place):
    case = facts()
    BROKEN[place](case)
    with pytest.raises(CommandError, match=re.escape(f"at {place}")):
        call_command("load_case", written(tmp_path, case))
    assert not Partnership.objects.exists()
    assert not Person.objects.exists()


def test_no_json_and_no_file_are_told_apart(tmp_path):
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(BrokenCase, match="is not JSON"):
        read(tmp_path / "broken.json")
    with pytest.raises(BrokenCase, match="cannot be read"):
        read(tmp_path / "missing.json")


def test_a_fault_half_way_leaves_nothing():
    stranger = Person.objects.create_user(
        name="Researcher", email="ruc@example.org"
    )  # never proved the address
    with pytest.raises(Refused):  # so the invitation of the design stage is not theirs to answer
        load(read(CASES / "solrod-biogas.json"), cast={"ruc": stranger})
    assert not Partnership.objects.exists()
    assert not Entry.objects.exists()
    assert not Organization.objects.exists()


# --- what a reader sees of it -------------------------------------------------------------------------------------


def test_every_mark_can_be_seen_with_its_sources(client, django_assert_max_num_queries):
    partnership = load(read(CASES / "solrod-biogas.json"))
    page = reverse("sources", args=[partnership.slug])
    assert page in client.get(reverse("partnership", args=[partnership.slug])).content.decode()
    with django_assert_max_num_queries(12):
        told = client.get(page + "?basis=added").content.decode()
    assert "Added so that the reconstruction runs" in told
    assert "Record</span>" not in told  # every mark finds its record
    stated = client.get(page + "?basis=stated").content.decode()
    assert 'href="https://solrodbiogas.dk/' in stated
    Partnership.objects.update(reconstructed_from="")
    assert client.get(page).status_code == 404
