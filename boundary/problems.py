"""What goes wrong, said to a machine (RFC 9457) or as sentences. Needs nothing of the API's library."""

from http import HTTPStatus

from django.utils.encoding import force_str
from django.utils.translation import gettext as _

PROBLEM = "application/problem+json"


def problem(status, detail="", errors=()):
    """A problem as RFC 9457 has it: type, title, status, detail and `errors` [{pointer, message}]."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": int(status)}
    if detail:
        body["detail"] = force_str(detail)
    if errors:
        body["errors"] = list(errors)
    return body


def sentences(exc):
    """The sentences of a Django ValidationError, in the order they were found; never empty."""
    return list(exc.messages) or [_("Something that was sent is not right.")]
