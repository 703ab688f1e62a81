"""What every page says to the browser, and how a refusal becomes a page that explains itself."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import render

from boundary.answer import Conflict, Refused
from boundary.problems import PROBLEM, problem, sentences

# Nothing here uses them; an injected script or frame shall not either.
SWITCHED_OFF = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in SWITCHED_OFF)


class SecurityHeaders:
    """Every answer forbids device features and being loaded by other sites."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


def wants_json(request):
    """Whether a program asks: an API path, or JSON accepted and HTML not."""
    accept = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or ("json" in accept and "text/html" not in accept)


def way_back(request):
    """The page this person came from, when it is one of ours, else the front page."""
    origin = urlsplit(request.headers.get("Referer", ""))
    if origin.netloc == request.get_host() and origin.path and origin.path != request.path:
        return origin.path + (f"?{origin.query}" if origin.query else "")
    return "/"


class Refusals:
    """A rule's no, a lost race and impossible input each become a page with a sentence, never a 500."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        """The page for this refusal, or None when the exception is none of ours."""
        if isinstance(exception, Refused):
            answer = exception.answer
            facts = {"sentence": answer.why_not, "help": answer.what_would_help}
            return explain(request, 403, facts)
        if isinstance(exception, Conflict):
            return explain(request, 409, {"sentence": exception.sentence})
        if isinstance(exception, ValidationError):
            found = sentences(exception)
            return explain(request, 422, {"sentence": found[0], "more": found[1:]})
        return None


def explain(request, status, facts):
    """The page (or problem+json) for one refusal."""
    if wants_json(request):
        detail = " ".join(str(part) for part in (facts["sentence"], facts.get("help")) if part)
        return JsonResponse(problem(status, detail), status=status, content_type=PROBLEM)
    return render(request, f"{status}.html", {**facts, "way_back": way_back(request)}, status=status)
