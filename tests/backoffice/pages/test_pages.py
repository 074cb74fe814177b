"""Signing in and out, the theme, the home page, and who may see a page."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from backoffice.exceptions import Forbidden
from backoffice.models import User
from backoffice.pages import home, navigation
from backoffice.pages.decorators import page
from backoffice.rights import Right, Role, require_right

PASSWORD = "a long enough password"


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("alice", password=PASSWORD, roles=[Role.CLERK])


@pytest.fixture
def signed_in(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture(autouse=True)
def _registries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "_cues", dict(home._cues))
    monkeypatch.setattr(home, "_actions", dict(home._actions))
    monkeypatch.setattr(navigation, "_entries", dict(navigation._entries))


def ask(user: User, path: str = "/", **headers: str) -> HttpRequest:
    request = RequestFactory(headers=headers).get(path)
    request.user = user
    request._messages = []  # type: ignore[attr-defined]  # what the middleware would have put there
    return request


# --- Signing in and out


def test_everybody_else_signs_in_first(client: Client) -> None:
    response = client.get("/")

    assert response.status_code == HTTPStatus.FOUND
    assert response["Location"] == "/sign-in/?next=/"


def test_signing_in_leads_to_the_page_that_was_asked_for(client: Client, alice: User) -> None:
    response = client.post("/sign-in/", {"username": "alice", "password": PASSWORD, "next": "/?a=1"})

    assert response["Location"] == "/?a=1"
    assert client.get("/").status_code == HTTPStatus.OK


def test_signing_in_leads_to_no_other_site(client: Client, alice: User) -> None:
    response = client.post("/sign-in/", {"username": "alice", "password": PASSWORD, "next": "//elsewhere.example/"})

    assert response["Location"] == "/"


def test_wrong_password_says_so_and_keeps_the_name(client: Client, alice: User) -> None:
    response = client.post("/sign-in/", {"username": "alice", "password": "wrong"})

    assert response.status_code == HTTPStatus.OK
    assert b'role="alert"' in response.content
    assert b'value="alice"' in response.content
    assert b"wrong" not in response.content


def test_signing_out_takes_a_post(signed_in: Client) -> None:
    assert signed_in.get("/sign-out/").status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert signed_in.get("/").status_code == HTTPStatus.OK

    signed_in.post("/sign-out/")

    assert signed_in.get("/").status_code == HTTPStatus.FOUND


# --- Theme


def test_theme_is_kept_in_a_cookie_and_written_into_the_page(signed_in: Client) -> None:
    response = signed_in.post("/theme/", {"theme": "dark", "next": "/"})

    assert response["Location"] == "/"
    assert b'<html lang="en" data-theme="dark">' in signed_in.get("/").content


def test_system_theme_forgets_the_choice(signed_in: Client) -> None:
    signed_in.post("/theme/", {"theme": "dark"})
    signed_in.post("/theme/", {"theme": "system"})

    assert b"data-theme=" not in signed_in.get("/").content.split(b">")[1]


@pytest.mark.parametrize("theme", ["", "pink", '"><script>'])
def test_unknown_theme_changes_nothing(signed_in: Client, theme: str) -> None:
    assert "theme" not in signed_in.post("/theme/", {"theme": theme}).cookies


def test_forged_theme_cookie_is_not_written_into_the_page(signed_in: Client) -> None:
    signed_in.cookies["theme"] = '"onload="x'

    assert b"onload" not in signed_in.get("/").content


def test_theme_leads_back_to_no_other_site(signed_in: Client) -> None:
    assert signed_in.post("/theme/", {"theme": "dark", "next": "//elsewhere.example/"})["Location"] == "/"


# --- Rights


@page(right=Right.VIEW_AUDIT)
def trail(request: HttpRequest) -> HttpResponse:
    return HttpResponse("the trail")


@page()
def asks_inside(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.MANAGE_USERS)
    return HttpResponse("never")


def test_missing_right_is_named(alice: User) -> None:
    response = trail(ask(alice))

    assert response.status_code == HTTPStatus.FORBIDDEN
    assert Right.VIEW_AUDIT.value in response.content.decode()


def test_right_that_the_work_asks_for_is_answered_alike(alice: User) -> None:
    assert asks_inside(ask(alice)).status_code == HTTPStatus.FORBIDDEN


def test_script_gets_the_refusal_in_words(alice: User) -> None:
    response = trail(ask(alice, **{"HX-Request": "true"}))

    assert (response.status_code, response["Content-Type"]) == (HTTPStatus.FORBIDDEN, "text/plain")
    assert response.content.decode() == Forbidden(right=Right.VIEW_AUDIT.value).detail


def test_script_of_somebody_signed_out_is_told_so(client: Client) -> None:
    response = client.get("/", headers={"HX-Request": "true"})

    assert response.status_code == HTTPStatus.UNAUTHORIZED


def test_pages_are_never_cached(signed_in: Client) -> None:
    assert "no-store" in signed_in.get("/")["Cache-Control"]


# --- Home and navigation


def count_users(user: User) -> int:
    return home.capped_count(User.objects.all())


def test_home_shows_the_cues_of_ones_rights(
    signed_in: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for right in (Right.VIEW_SALES, Right.VIEW_AUDIT):
        home.register_cue(home.Cue(right=right, label=f"Cue {right}", url=lambda: "/list/", count=count_users, order=1))
    others = len([cue for cue in home.cues_for(User.objects.get()) if not cue.label.startswith("Cue")])

    with django_assert_num_queries(2 + others + 1):  # session, user; one for each cue
        content = signed_in.get("/").content.decode()

    assert "Cue view_sales" in content
    assert "Cue view_audit" not in content


def test_large_counts_are_capped(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "COUNT_LIMIT", 3)
    User.objects.bulk_create(User(username=f"u{number}", password="!") for number in range(5))
    home.register_cue(home.Cue(right=Right.VIEW_SALES, label="People", url=lambda: "/", count=count_users, order=1))

    (cue,) = [cue for cue in home.cues_for(alice) if cue.label == "People"]

    assert (cue.count, cue.shown) == (3, "2+")


def entry(**values: Any) -> navigation.Entry:
    return navigation.Entry(**{"label": "L", "url_name": "theme", "icon": "box", "key": "z", "order": 5, **values})


def test_navigation_shows_what_one_may_see(alice: User) -> None:
    navigation.register(entry(label="Seen", right=Right.VIEW_SALES))
    navigation.register(entry(label="Unseen", right=Right.VIEW_AUDIT, url_name="csrf-token", key="y"))

    labels = [link.label for link in navigation.links_for(alice, "/")]

    assert "Seen" in labels
    assert "Unseen" not in labels


def test_longest_beginning_of_the_path_is_current(alice: User) -> None:
    navigation.register(entry(label="Home", url_name="home", key="y", order=0))
    navigation.register(entry(label="Theme"))

    links = {link.label: link.current for link in navigation.links_for(alice, reverse("theme") + "deeper/")}

    assert (links["Home"], links["Theme"]) == (False, True)


def test_one_key_leads_to_one_place() -> None:
    navigation.register(entry())

    with pytest.raises(ValueError, match="already goes to theme"):
        navigation.register(entry(url_name="login"))
