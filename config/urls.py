"""Every address of the application: REST under /api/v1/, pages under the app's name, health at the root."""

from __future__ import annotations

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from config import health

# Swagger's page carries one inline style; its scripts are files, so nothing else is opened.
api_docs = csp_update({"style-src": [SELF, UNSAFE_INLINE]})(SpectacularSwaggerSplitView.as_view(url_name="api-schema"))

handler400 = "backoffice.api.problems.bad_request"
handler403 = "backoffice.api.problems.permission_denied"
handler404 = "backoffice.api.problems.page_not_found"
handler500 = "backoffice.api.problems.server_error"


urlpatterns: list[URLPattern | URLResolver] = [
    path("livez/", health.livez, name="livez"),
    path("readyz/", health.readyz, name="readyz"),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/v1/docs/", api_docs, name="api-docs"),
    path("api/v1/", include("backoffice.api.urls")),
    path("api/v1/", include("inventory.api.urls")),
    path("api/v1/", include("sales.api.urls")),
    path("api/v1/", include("assembly.api.urls")),
    path("admin/", admin.site.urls),
    path("", include("backoffice.pages.urls")),
    path("inventory/", include("inventory.urls")),
    path("sales/", include("sales.urls")),
    path("assembly/", include("assembly.urls")),
]
