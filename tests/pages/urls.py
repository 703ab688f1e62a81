"""The whole site with the addresses of the demonstration, which are otherwise there only where DEMO is on."""

from django.urls import include, path

from cocreate.urls import urlpatterns as site

urlpatterns = [*site, path("demonstration/", include("cocreate.demo_urls"))]
