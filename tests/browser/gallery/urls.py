"""Addresses of the gallery, beside those of the ground floor."""

from __future__ import annotations

from django.urls import include, path

from tests.browser.gallery import views

urlpatterns = [
    path("gallery/", views.show, name="gallery"),
    path("gallery/header/", views.save_header, name="gallery-header"),
    path("gallery/lines/", views.save_line, name="gallery-lines"),
    path("gallery/lines/<int:line_no>/", views.save_line, name="gallery-line"),
    path("gallery/lines/<int:line_no>/delete/", views.delete_line),
    path("gallery/release/", views.release, name="gallery-release"),
    path("gallery/list/", views.listing, name="gallery-list"),
    path("gallery/lookup/", views.lookup, name="gallery-lookup"),
    path("", include("backoffice.pages.urls")),
]
