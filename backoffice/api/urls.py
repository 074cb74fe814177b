"""The addresses of the ground floor under /api/v1/."""

from __future__ import annotations

from backoffice.api import jobs
from backoffice.api.routers import ContractRouter

router = ContractRouter()
router.resource("jobs", jobs.JobViewSet)

urlpatterns = router.urls
