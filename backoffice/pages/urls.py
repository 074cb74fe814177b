"""Addresses of the ground floor's pages."""

from __future__ import annotations

from django.urls import path

from backoffice.pages import home, jobs, views

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/", views.SignIn.as_view(), name="login"),
    path("sign-out/", views.SignOut.as_view(), name="logout"),
    path("theme/", views.choose_theme, name="theme"),
    path("jobs/<int:pk>/", jobs.show, name="job"),
    path("csrf-token/", views.csrf_token, name="csrf-token"),
]
