"""The operators' site: to look, and to start deeds that are actions; never to add, change or delete a row by hand."""

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

# Tables of libraries that hold what signs people in: nobody needs to read them, and a read one is a stolen one.
HOLDS_SECRETS = {
    *("mfa.Authenticator", "socialaccount.SocialApp", "socialaccount.SocialToken"),
    *(
        "socialaccount.SocialAccount",
        "auth.Group",
    ),  # what a provider told about a person; a table we do not use
}


class OperatorSite(admin.AdminSite):
    """The admin site for operators with a second factor. Each model in it can be read, and nothing more."""

    site_header = site_title = _("Operators")
    index_title = _("What there is")
    site_url = "/"

    def has_permission(self, request):
        """Open to an active operator who has a second factor."""
        return _is_operator(request.user) and is_mfa_enabled(request.user)

    def login(self, request, extra_context=None):
        """Sign in where everybody does; an operator without a second factor is sent to set one up."""
        if not request.user.is_authenticated:
            wanted = request.GET.get("next") or reverse("admin:index", current_app=self.name)
            return redirect_to_login(wanted, reverse("account_request_login_code"))
        if not _is_operator(request.user):
            raise Http404  # for everybody else there is no such place
        messages.warning(request, _("Operators need a second factor: set one up, then come back here."))
        return redirect("mfa_index")

    def register(self, model_or_iterable, admin_class=None, **options):
        """Register with reading only; the same for tables that libraries bring along, if they may be read at all."""
        models = model_or_iterable if isinstance(model_or_iterable, (list, tuple)) else [model_or_iterable]
        shown = [model for model in models if model._meta.label not in HOLDS_SECRETS]
        super().register(shown, _read_only(admin_class or admin.ModelAdmin), **options)


def _is_operator(user):
    return user.is_active and user.is_staff


def _read_only(admin_class):
    if issubclass(admin_class, ReadOnly):
        return admin_class
    return type(admin_class.__name__, (ReadOnly, admin_class), {"__module__": admin_class.__module__})


class ReadOnly:
    """May be looked at by every operator who got in; may not be added, changed or deleted here by anyone."""

    actions_on_bottom = False

    def has_module_permission(self, request):
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request, obj=None):
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
