"""Who may see a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from backoffice.exceptions import Forbidden
from backoffice.rights import Right, require_right

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def page(*, right: Right | None = None, methods: Sequence[str] = ("GET", "POST")) -> Callable[[View[P]], View[P]]:
    """Make a view a page: signed-in people only, who have the right, by these methods, never from a cache.

    Nobody signed in: the sign-in page, or 401 to a script (what was typed stays on its page).
    Right missing, here or where a service asks: 403 with a page that names it.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return _sign_in_first(request)
            try:
                if right is not None:
                    require_right(request.user, right)
                return view(request, *args, **kwargs)
            except Forbidden as refusal:
                return forbidden(request, refusal)

        limited: View[P] = never_cache(require_http_methods(list(methods))(guarded))
        return limited

    return decorate


def by_script(request: HttpRequest) -> bool:
    """Whether a script of the page asks and expects a part of it rather than a page."""
    return request.headers.get("HX-Request") == "true"


def forbidden(request: HttpRequest, refusal: Forbidden) -> HttpResponse:
    """Answer 403 and say which right is missing."""
    if by_script(request):
        return HttpResponse(refusal.detail, status=403, content_type="text/plain")
    return render(request, "403.html", {"title": "Not allowed", "refusal": refusal}, status=403)


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    if by_script(request):
        return HttpResponse("You are signed out.", status=401, content_type="text/plain")
    return redirect_to_login(request.get_full_path())
