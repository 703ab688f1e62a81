"""The reader's own language and time zone, where they have chosen them."""

from django.utils import timezone, translation


class ReaderMiddleware:
    """Shows pages in the signed-in person's language and time zone; nobody's stay as the browser asks."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        person = request.user
        if not person.is_authenticated:
            timezone.deactivate()
            return self.get_response(request)
        translation.activate(person.language)
        request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(person.time_zone):
            return self.get_response(request)
