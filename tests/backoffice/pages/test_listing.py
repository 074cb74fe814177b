"""Lists by keyset."""

from __future__ import annotations

import pytest
from django.http import Http404, HttpRequest
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from backoffice.models import User
from backoffice.pages.listing import Listing, list_page

SORTS = {"name": ("username",), "family": ("last_name", "username"), "-family": ("-last_name", "-username")}


@pytest.fixture
def people(db: None) -> None:
    User.objects.bulk_create(
        User(username=f"u{number:02}", last_name=f"F{number // 4}", password="!") for number in range(11)
    )


def get(**query: str) -> HttpRequest:
    return RequestFactory().get("/", query)


def page(**query: str) -> Listing[User]:
    return list_page(get(**query), User.objects.all(), sorts=SORTS, size=4)


def names(listing: Listing[User]) -> list[str]:
    return [user.username for user in listing.rows]


def walk(sort: str) -> list[str]:
    listing, seen = page(sort=sort), []
    while True:
        seen += names(listing)
        if listing.next_cursor is None:
            return seen
        listing = page(sort=sort, cursor=listing.next_cursor)


@pytest.mark.parametrize("sort", ["name", "family"])
def test_every_row_comes_once_and_in_order(people: None, sort: str) -> None:
    assert walk(sort) == [f"u{number:02}" for number in range(11)]


def test_descending(people: None) -> None:
    assert walk("-family") == [f"u{number:02}" for number in reversed(range(11))]


def test_back_again(people: None) -> None:
    first = page(sort="family")
    second = page(sort="family", cursor=first.next_cursor or "")
    third = page(sort="family", cursor=second.next_cursor or "")

    assert first.previous_cursor is None
    assert third.next_cursor is None
    assert names(page(sort="family", cursor=third.previous_cursor or "")) == names(second)
    assert names(page(sort="family", cursor=second.previous_cursor or "")) == names(first)
    assert page(sort="family", cursor=second.previous_cursor or "").previous_cursor is None


def test_first_sort_is_the_default(people: None) -> None:
    assert page().sort == "name"


def test_one_page_has_no_cursors(people: None) -> None:
    listing = list_page(get(), User.objects.all(), sorts=SORTS, size=11)

    assert (listing.next_cursor, listing.previous_cursor) == (None, None)


def test_one_statement(people: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        page(sort="family")


@pytest.mark.parametrize("query", [{"sort": "password"}, {"cursor": "forged"}])
def test_unknown_sort_and_forged_cursor_are_not_found(people: None, query: dict[str, str]) -> None:
    with pytest.raises(Http404):
        page(**query)


def test_cursor_of_another_sort_is_not_found(people: None) -> None:
    with pytest.raises(Http404):
        page(sort="family", cursor=page(sort="name").next_cursor or "")
