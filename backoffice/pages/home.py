"""The page that a person starts from: what awaits them, counted, each count a link to the list behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from backoffice.pages.decorators import page
from backoffice.rights import has_right

if TYPE_CHECKING:
    from backoffice.models import User
    from backoffice.rights import Right

Tone = Literal["neutral", "success", "warning", "danger"]
CountFunction = Callable[["User"], int]

#: Beyond it a cue says "999+": counting a million rows helps nobody decide what to do next.
COUNT_LIMIT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A number on the home page. `count` answers in one statement; `url` is the list that it counts."""

    right: Right
    label: str
    url: Callable[[], str]
    count: CountFunction
    order: int
    tone: Tone = "neutral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A cue as it stands on the page."""

    label: str
    url: str
    count: int
    tone: Tone

    @property
    def shown(self) -> str:
        return f"{COUNT_LIMIT - 1}+" if self.count >= COUNT_LIMIT else str(self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that the home page offers to begin."""

    right: Right
    label: str
    url: Callable[[], str]
    icon: str
    order: int


_cues: dict[str, Cue] = {}
_actions: dict[str, Action] = {}


def register_cue(cue: Cue) -> None:
    """Add a cue for everybody who has its right. The label is its key."""
    _cues[cue.label] = cue


def register_action(action: Action) -> None:
    """Add an action for everybody who has its right. The label is its key."""
    _actions[action.label] = action


def capped_count(rows: QuerySet[Any]) -> int:
    """Return how many rows there are, at most COUNT_LIMIT, in one statement that reads no more than those."""
    return rows.order_by()[:COUNT_LIMIT].count()


def cues_for(user: User) -> Sequence[Counted]:
    """Return the user's cues, counted: one statement for each."""
    cues = sorted(_cues.values(), key=lambda cue: cue.order)
    return [
        Counted(label=cue.label, url=cue.url(), count=cue.count(user), tone=cue.tone)
        for cue in cues
        if has_right(user, cue.right)
    ]


def actions_for(user: User) -> Sequence[Action]:
    """Return what the user may begin from the home page."""
    actions = sorted(_actions.values(), key=lambda action: action.order)
    return [action for action in actions if has_right(user, action.right)]


@page(methods=("GET",))
def home(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]  # @page lets only signed-in people in
    context = {"title": "Home", "cues": cues_for(user), "actions": actions_for(user)}
    return render(request, "backoffice/home.html", context)
