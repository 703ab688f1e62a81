"""Where a mail's "stop these messages" leads."""

from django.urls import path

from notices import views

urlpatterns = [
    path(
        "notices/unsubscribe/<uuid:recipient>/<slug:kind>/<str:scope>/<str:token>/",
        views.unsubscribe,
        name="unsubscribe",
    ),
]
