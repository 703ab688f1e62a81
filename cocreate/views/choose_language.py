"""Reading in another language, from the top of every page."""

from django.conf import settings
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from actors.actions import change_settings


@csrf_exempt  # a token would be a cookie for everybody who only reads; from elsewhere, nobody is signed in here
@require_POST
def choose_language(request):
    """The page again in the language asked for: remembered with the person, for a visitor in a cookie."""
    language = request.POST.get("language")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        kept = {name: getattr(request.user, name) for name in ("name", "phone", "time_zone")}
        change_settings(person=request.user, language=language, by=request.user, at=timezone.now(), **kept)
    return set_language(request)
