"""The operators' site lets in operators with a second factor, and lets them look."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib import admin
from django.utils import timezone

from notices.actions import may_send
from notices.models import Dispatcher
from tests import cast

pytestmark = pytest.mark.django_db


def operator(*, second_factor=True):
    """Somebody who runs the site."""
    made = cast.person("Odin Operator", is_staff=True)
    if second_factor:
        TOTP.activate(made, generate_totp_secret())
    return made


def test_a_visitor_is_sent_to_sign_in(client):
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/account/login/")
    assert answer.redirect_chain[-1][0].endswith("?next=/admin/")


def test_for_everybody_else_there_is_no_such_place(client):
    client.force_login(cast.person("Uffe Outsider"))
    assert client.get("/admin/", follow=True).status_code == 404


def test_an_operator_without_a_second_factor_is_sent_to_set_one_up(client):
    client.force_login(operator(second_factor=False))
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/account/2fa/")
    assert "Operators need a second factor" in answer.text


def test_an_operator_sees_every_table_and_changes_none(client):
    client.force_login(operator())
    assert client.get("/admin/").status_code == 200
    for model in admin.site._registry:
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert client.get(address).status_code == 200, address
        assert client.get(f"{address}add/").status_code == 403, address
        assert client.post(f"{address}1/delete/", {"post": "yes"}).status_code in (302, 403), address


def test_nothing_that_signs_somebody_in_is_shown(client):
    sealed = {"password", "nonce", "secret", "sealed", "token", "data", "extra_data", "key"}
    shown = {
        f"{model._meta.label}.{field}"
        for model, model_admin in admin.site._registry.items()
        for field in {field.name for field in model._meta.fields} - set(model_admin.exclude or ())
        if field in sealed
    }
    assert shown == set()
    assert "mfa.Authenticator" not in {model._meta.label for model in admin.site._registry}


def test_an_operator_stops_all_mail_and_lets_it_go_again(client):
    client.force_login(operator())
    assert may_send(timezone.now())
    for deed, paused in (("pause", True), ("resume", False)):
        client.post("/admin/notices/dispatcher/", {"action": deed, "_selected_action": "1"})
        assert Dispatcher.objects.get().paused is paused


def test_an_operator_who_left_is_kept_out(client):
    gone = operator()
    client.force_login(gone)
    type(gone).objects.filter(pk=gone.pk).update(is_staff=False)
    assert client.get("/admin/", follow=True).status_code == 404
