"""The API's conventions: pages by cursor, and one shape for everything that goes wrong (RFC 9457)."""

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import Http404
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.settings import api_settings

from boundary.answer import Conflict, Refused
from boundary.problems import PROBLEM, problem


class CursorPages(CursorPagination):
    """`next`, `previous`, `results`; 50 rows unless `page_size` (up to 200) asks otherwise; newest first.

    A view may set `ordering = ("sequence",)`. The last field must be unique, so that no row is seen twice.
    """

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = ("-created_at", "id")

    def get_ordering(self, request, queryset, view):
        """The view's own order, or newest first."""
        chosen = getattr(view, "ordering", None) or self.ordering
        return (chosen,) if isinstance(chosen, str) else tuple(chosen)


def problem_response(exc, context):
    """The problem+json for an exception in the API; None (a 500) when nobody foresaw it."""
    found = _foreseen(exc)
    if found is None:
        return None
    status, detail, errors, headers = found
    return Response(problem(status, detail, errors), status=status, headers=headers, content_type=PROBLEM)


def _foreseen(exc):
    if isinstance(exc, Refused):
        answer = exc.answer
        return 403, " ".join(force_str(p) for p in (answer.why_not, answer.what_would_help) if p), (), None
    if isinstance(exc, Conflict):
        return 409, exc.sentence, (), None
    if isinstance(exc, Http404 | exceptions.NotFound):
        return 404, _("There is nothing here, or you may not see it."), (), None
    if isinstance(exc, PermissionDenied):
        return 403, _("You may not do this."), (), None
    if isinstance(exc, ValidationError):
        return 400, _("Something in the request is not right."), _from_django(exc), None
    if isinstance(exc, exceptions.ValidationError):
        return 400, _("Something in the request is not right."), list(_pointers(exc.detail)), None
    if isinstance(exc, exceptions.APIException):
        return exc.status_code, exc.detail, (), _headers(exc)
    return None


def _headers(exc):
    headers = {}
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = exc.auth_header
    if getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(exc.wait) + 1)
    return headers


def _pointers(detail, at=""):
    """Each message with the JSON pointer (RFC 6901) of what it is about."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            own = key in (api_settings.NON_FIELD_ERRORS_KEY, NON_FIELD_ERRORS)
            yield from _pointers(value, at if own else f"{at}/{_escaped(key)}")
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            yield from _pointers(value, f"{at}/{index}" if isinstance(value, dict | list) else at)
    else:
        yield {"pointer": at, "message": force_str(detail)}


def _escaped(key):
    return str(key).replace("~", "~0").replace("/", "~1")


def _from_django(exc):
    return list(_pointers(exc.message_dict if hasattr(exc, "error_dict") else exc.messages))
