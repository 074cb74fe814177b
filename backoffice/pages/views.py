"""Signing in and out, and the theme."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

THEMES = ("system", "light", "dark")
THEME_COOKIE = "theme"
_YEAR = 365 * 24 * 3600


class SignIn(LoginView):
    """Ask for name and password. The limiter (axes) refuses a name after too many wrong passwords."""

    template_name = "backoffice/sign_in.html"
    redirect_authenticated_user = True
    extra_context = {"title": "Sign in"}  # noqa: RUF012 - Django's own declaration


class SignOut(LogoutView):
    """End the session. POST only, so that no link can do it."""

    http_method_names = ["post", "options"]  # noqa: RUF012 - Django's own declaration


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme in a cookie that the server reads, so that no page flashes in the other one."""
    theme = request.POST.get("theme", "")
    response = HttpResponseRedirect(_back(request))
    if theme == "system":
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    elif theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, max_age=_YEAR, samesite="Lax", secure=request.is_secure())
    return response


@require_GET
@never_cache
def csrf_token(request: HttpRequest) -> HttpResponse:
    """Answer the token of this session: a page that outlived a sign-in fetches it before it tries again."""
    return HttpResponse(get_token(request), content_type="text/plain")


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else "/"
