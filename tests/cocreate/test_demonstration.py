"""The demonstration: its cast signs in with one press, and only there; what waits for visitors stays ahead."""

import datetime
import mailbox
from email.message import EmailMessage

import pytest
from django.conf import settings as project_settings
from django.core.management import call_command
from django.urls import include, path, reverse
from django.utils import timezone

from cocreate.demonstration import AVEDORE, CAST, EMPTY, GENTOFTE, SOLROD, prepare
from cocreate.urls import urlpatterns as site
from partnerships.models import (
    Commitment,
    Contribution,
    Decision,
    Meeting,
    Partnership,
    Platform,
    StageVisit,
)
from partnerships.stages import Stage
from solutions.models import AuthorizationRequest, Step

pytestmark = pytest.mark.django_db
urlpatterns = [*site, path("demonstration/", include("cocreate.demo_urls"))]
here = pytest.mark.urls(__name__)


def state():
    """What the demonstration consists of."""
    return {
        "stages": dict(Partnership.objects.values_list("slug", "stage")),
        "platforms": set(Platform.objects.values_list("slug", flat=True)),
        "decisions": Decision.objects.count(),
        "meetings": Meeting.objects.count(),
        "requests": AuthorizationRequest.objects.count(),
    }


def test_it_shows_three_points_of_the_way_and_an_empty_platform():
    prepare()
    assert state()["stages"] == {SOLROD: Stage.IMPLEMENT, AVEDORE: Stage.DESIGN, GENTOFTE: Stage.AUTHORIZE}
    assert not Platform.objects.get(slug=EMPTY).partnerships.exists()
    assert Decision.objects.open().get().partnership.slug == AVEDORE
    assert AuthorizationRequest.objects.waiting().get().meeting_on > timezone.localdate()


def test_what_the_council_is_asked_is_what_the_members_adopted():
    prepare()
    for arena in Partnership.objects.filter(slug__in=[SOLROD, GENTOFTE]):
        text = arena.value_proposition.text
        assert text.adopted_revision == text.revisions.first()
        assert arena.authorization_requests.latest("asked_at").revision == text.adopted_revision


def test_nothing_is_overdue():
    prepare()
    today = timezone.localdate()
    assert all(visit.due_on >= today for visit in StageVisit.objects.filter(left_at=None))
    assert not any(step.overdue(today) for step in Step.objects.with_last_report())
    assert not Commitment.objects.filter(
        state__in=["asked", "offered", "accepted"], due_on__lt=today
    ).exists()
    owed = Contribution.objects.filter(wants_answer=True, response=None)
    assert (
        timezone.localdate(owed.get().created_at) == today
    )  # the one that waits for the convener of Avedøre


def test_it_can_be_loaded_again():
    call_command("load_demonstration", verbosity=0)
    before = state()
    call_command("load_demonstration", verbosity=0)
    assert state() == before


def test_a_month_later_what_waits_is_ahead_again():
    prepare()
    later = timezone.now() + datetime.timedelta(days=40)
    Decision.objects.open().update(closed_at=timezone.now(), outcome=Decision.Outcome.NO_QUORUM)
    prepare(at=later)
    assert Decision.objects.open().get().closes_at > later
    assert Meeting.objects.coming(later).get().starts_at > later
    assert AuthorizationRequest.objects.waiting().get().meeting_on > later.date()


def test_nobody_of_the_cast_is_a_living_person():
    assert len({role.key for role in CAST}) == len(CAST)
    assert all(role.email.endswith("@example.org") for role in CAST)


@here
def test_each_signs_in_with_one_press_and_lands_where_there_is_something_to_do(client):
    prepare()
    for role in CAST:
        answer = client.post(reverse("be", args=[role.key]), follow=True)
        assert answer.status_code == 200, role
        assert answer.wsgi_request.user.name == role.own_name
        assert answer.redirect_chain == [(role.start_page, 302)]


@here
def test_signing_in_is_a_deed_and_only_for_the_cast(client):
    assert client.get(reverse("be", args=["convener"])).status_code == 405
    assert client.post(reverse("be", args=["somebody-else"])).status_code == 404
    told = client.get(reverse("demonstration")).content.decode()
    for role in CAST:
        assert str(role.name) in told


def test_outside_the_demonstration_there_is_no_such_door(client):
    assert not project_settings.DEMO
    for address in ("/demonstration/", "/demonstration/be/convener/", "/demonstration/mail/"):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404


# --- caught mail --------------------------------------------------------------------------------------------------


def caught(folder, number, words="Hello", html=""):
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = f"Letter {number}", "site@example.org", "beboer@example.org"
    mail["Date"] = f"Tue, 24 Nov 2026 04:{number:02d}:00 +0000"
    mail.set_content(words)
    if html:
        mail.add_alternative(html, subtype="html")
    return mailbox.Maildir(folder / "mail", create=True).add(mail)


@here
def test_caught_mail_is_read_as_text_with_its_links(client, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    words = "<script>alert(1)</script> Answer here: http://localhost:8000/i/1/abc/ or call."
    key = caught(tmp_path, 1, words, html="<script>alert(2)</script><img src=http://evil.example/pixel>")
    told = client.get(reverse("demonstration_letter", args=[key])).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in told
    assert 'href="http://localhost:8000/i/1/abc/"' in told
    assert "<script>alert" not in told
    assert "evil.example" not in told


@here
def test_mail_has_pages_and_can_be_filtered(client, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert "No mail yet" in client.get(reverse("demonstration_mail")).content.decode()
    for number in range(1, 26):
        caught(tmp_path, number)
    page = reverse("demonstration_mail")
    assert client.get(page + "?page=2").content.decode().count("co-rows__title") == 5
    assert client.get(page + "?page=3").status_code == 404
    assert "Letter 3" in client.get(page + "?to=beboer@example.org&page=2").content.decode()
    assert "No mail yet" in client.get(page + "?to=convener@example.org").content.decode()


@here
@pytest.mark.parametrize("key", ["nothing", "..%2F..%2Fpasswd", "..", "a b"])
def test_only_caught_mail_can_be_opened(client, settings, tmp_path, key):
    settings.DATA_DIR = tmp_path
    caught(tmp_path, 1)
    assert client.get(f"/demonstration/mail/{key}/").status_code == 404
