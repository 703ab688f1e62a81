"""What somebody chooses to be told: one choice for each kind and scope, however often it is pressed."""

import pytest
from django.utils import timezone

from notices.actions import prefer
from notices.models import Preference
from tests.notices.kinds import person
from tests.races import race

pytestmark = pytest.mark.django_db
SCOPES = [None, person(5)]  # everywhere, and in one partnership


def wants(choice, scope):
    prefer(recipient=person(1), kind="note", choice=choice, scope=scope, at=timezone.now())


@pytest.mark.parametrize("scope", SCOPES)
def test_a_choice_is_made_anew_in_the_same_place(scope):
    wants("weekly", scope)
    (first,) = Preference.objects.all()
    wants("daily", scope)
    assert list(Preference.objects.values_list("pk", "choice", "scope")) == [(first.pk, "daily", scope)]
    wants(None, scope)
    assert not Preference.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scope", SCOPES)
def test_two_presses_at_the_same_moment_are_one_choice(scope):
    assert race(*[lambda: wants("daily", scope)] * 8) == [None] * 8
    assert list(Preference.objects.values_list("scope", "choice")) == [(scope, "daily")]
