"""How a municipality begins: one command, then its people sign in by mail and go on in the browser."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from actors.actions import end_operator, make_operator
from actors.models import Organization, Person
from boundary.answer import Refused
from journal.models import Entry
from notices.actions import drain
from partnerships.models import Office, Platform
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)
FIRST = [
    "--slug=solrod",
    "--owner=Solrød Municipality",
    "--name=Solrød together",
    "--contact-name=Citizens’ desk",
    "--contact-phone=+45 56 18 20 00",
    "--data-protection-contact=dpo@example.org",
    "--case-officer=Kim Keeper <kim@example.org>",
    "--convener=Karen Convener <karen@example.org>",
    "--operator=Odin Operator <odin@example.org>",
    "--language=en",
]


def start(*words):
    call_command("start_platform", *words)


def counts():
    return [table.objects.count() for table in (Platform, Organization, Person, Office, EmailAddress)]


def sign_in(client, sink, address):
    client.post(reverse("account_request_login_code"), {"email": address})
    drain("prompt")
    text = sink.to(address)[-1].get_body(("plain",)).get_content()
    client.post(reverse("account_confirm_login_code"), {"code": re.search(r"^\s{4}(\S+)\s*$", text, re.M)[1]})
    return Person.objects.get(pk=client.session["_auth_user_id"])


def test_it_begins_a_platform_with_its_people(capsys):
    start(*FIRST)
    platform = Platform.objects.get()
    assert (str(platform.owner), platform.owner.side, platform.controller) == (
        "Solrød Municipality",
        "public",
        "Solrød Municipality",
    )
    held = {(str(office.person), office.kind) for office in platform.offices.all()}
    assert held == {("Kim Keeper", "case_officer"), ("Karen Convener", "convener")}
    assert [str(one) for one in Person.objects.filter(is_staff=True)] == ["Odin Operator"]
    entries = Entry.objects.filter(scope=platform.pk).order_by("sequence")
    assert [entry.verb for entry in entries] == ["platform.opened", "office.given", "office.given"]
    assert "/admin/" in capsys.readouterr().out


def test_again_it_changes_nothing_and_then_only_what_is_named(capsys):
    start(*FIRST)
    before = counts()
    start(*FIRST)
    assert counts() == before
    start("--slug=solrod", "--contact-phone=+45 11 11 11 11", "--keep-unanswered-months=3")
    platform = Platform.objects.get()
    assert (platform.contact_phone, platform.keep_unanswered_months) == ("+45 11 11 11 11", 3)
    assert platform.name == "Solrød together"
    assert "changed: contact_phone, keep_unanswered_months" in capsys.readouterr().out
    call_command("verify_journal")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--slug=new"],
            "--owner --name --contact-name --contact-phone --data-protection-contact --case-officer",
        ),
        ([*FIRST, "--operator=not an address"], "is not like"),
        ([*FIRST, "--slug=two words"], "slug:"),
        ([*FIRST, "--contact-email=nonsense"], "contact_email:"),
        ([*FIRST, "--language=tlh"], "language:"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_half_done(words, said):
    with pytest.raises(CommandError, match=said):
        start(*words)
    assert counts() == [0, 0, 0, 0, 0]


def test_the_first_people_sign_in_by_code_and_go_on(client, smtp_sink):
    start(*FIRST)
    assert str(sign_in(client, smtp_sink, "karen@example.org")) == "Karen Convener"
    assert client.get(reverse("convene", args=["solrod"])).status_code == 200
    client.logout()
    assert str(sign_in(client, smtp_sink, "kim@example.org")) == "Kim Keeper"
    assert "Give somebody an office" in client.get(reverse("platform", args=["solrod"])).text


def test_an_operator_sets_up_a_second_factor_and_then_gets_in(client, smtp_sink):
    start(*FIRST)
    sign_in(client, smtp_sink, "odin@example.org")
    asked = client.get("/admin/", follow=True)
    assert "Operators need a second factor" in asked.text
    page = client.get(reverse("mfa_activate_totp"), follow=True)
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    assert client.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302
    assert client.get("/admin/").status_code == 200


def test_an_address_that_somebody_claimed_without_proof_is_not_trusted():
    squatter = Person.objects.create_user(
        email="kim@example.org", password="a long password", name="Somebody"
    )
    EmailAddress.objects.create(user=squatter, email="kim@example.org", verified=False, primary=True)
    start(*FIRST)
    assert Office.objects.get(kind="case_officer").person != squatter


def test_only_operators_make_and_end_operators():
    odin, uffe = cast.person("Odin Operator", is_staff=True), cast.person("Uffe Outsider")
    for deed in (make_operator, end_operator):
        with pytest.raises(Refused):
            deed(person=uffe, by=uffe, at=timezone.now())
    make_operator(person=uffe, by=odin, at=timezone.now())
    uffe.refresh_from_db()
    end_operator(person=odin, by=uffe, at=timezone.now())
    assert [str(one) for one in Person.objects.filter(is_staff=True)] == ["Uffe Outsider"]


def test_an_operator_erases_who_asked_on_paper(capsys):
    cast.person("Odin Operator", is_staff=True)
    bo = cast.person("Bo Citizen")
    call_command("forget_person", str(bo.pk), by="odin@example.org")
    assert "Bo Citizen, bo@example.org" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no operator"):
        call_command("forget_person", str(bo.pk), by="bo@example.org", yes=True)
    call_command("forget_person", str(bo.pk), by="odin@example.org", yes=True)
    bo.refresh_from_db()
    assert (bo.name, bo.email, bo.is_active) == ("", "", False)
    with pytest.raises(CommandError, match="erased already"):
        call_command("forget_person", str(bo.pk), by="odin@example.org", yes=True)


def test_it_sets_what_the_settings_page_sets_and_checks_it_alike():
    start(
        *FIRST,
        "--set=accent=F2C230",
        "--set=options_weighed=3",
        "--set=gate_charter=no",
        "--set=stage_due_days=3,1",
    )
    platform = Platform.objects.get()
    assert (platform.accent, platform.thresholds, platform.gates, platform.stage_due_days) == (
        *("#f2c230", {"options_weighed": 3}, {"charter": "off"}),
        [3, 1],
    )
    for wrong, sentence in (
        ("options_weighed=-1", "options_weighed: Write a whole number from 1 to 20."),
        ("accent=yellow", "accent: Write the colour"),
        ("colour=#000000", "'colour' is no setting. These are: name, area"),
        ("logo=x.svg", "'logo' is no setting"),
    ):
        with pytest.raises(CommandError, match=re.escape(sentence)):
            start("--slug=solrod", "--name=Other", f"--set={wrong}")
    assert Platform.objects.get().name == "Solrød together"  # all of it, or nothing
    changed = Entry.objects.filter(verb="platform.changed").get()
    assert changed.ids == {"fields": ["accent", "gates", "stage_due_days", "thresholds"]}
