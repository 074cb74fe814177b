"""Background jobs: how far they are, and what came of each part."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backoffice import jobs
from backoffice.api import fields
from backoffice.api.edge import RightsPermission
from backoffice.api.views import ResourceViewSet
from backoffice.models import Job, JobResult, JobState, User

PREFER_HEADER, PREFER_APPLIED_HEADER = "Prefer", "Preference-Applied"
RESPOND_ASYNC = "respond-async"


class JobOut(serializers.Serializer[Job]):
    """A job. `done` of `total` parts have a result; `error` tells why it failed, or why its last attempt did."""

    id = fields.WholeNumberField()
    kind = fields.CodeField()
    state = fields.ChoiceField(choices=JobState.choices)
    done = fields.WholeNumberField()
    total = fields.WholeNumberField()
    attempts = fields.WholeNumberField()
    error_code = fields.CodeField()
    error = fields.TextField()
    created_by = fields.CodeField(source="created_by.username")
    created_at = fields.InstantField()
    started_at = fields.InstantField(allow_null=True)
    ended_at = fields.InstantField(allow_null=True)
    results = serializers.SerializerMethodField()

    def get_results(self, job: Job) -> list[dict[str, Any]]:
        """What came of each part so far: what its act answers, or code and words of the refusal."""
        return [result.outcome for result in job.results.all()]


class SignedIn(RightsPermission):
    """Let in everybody who is known."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Say whether the user is known."""
        return request.user.is_authenticated


class JobViewSet(ResourceViewSet):
    """Jobs, the newest first: one's own, and those of kinds that one may queue. Others are not there."""

    # Which jobs are seen depends on their kind: get_queryset() decides.
    permission_classes = (SignedIn,)
    serializer_class = JobOut
    lookup_field = "id"
    lookup_value_regex = "[0-9]{1,18}"
    nested = ("results",)
    filters: ClassVar = {"kind": "kind", "state": "state", "created_at": "created_at"}
    default_ordering = ("-created_at",)

    def get_queryset(self) -> QuerySet[Job]:
        """Return the jobs that the user may see, with their results where the answer shows them."""
        if getattr(self, "swagger_fake_view", False):
            return Job.objects.all()
        found = jobs.visible_to(cast(User, self.request.user)).select_related("created_by")
        if self.shows("results"):
            found = found.prefetch_related(Prefetch("results", queryset=JobResult.objects.order_by("pk")))
        return found


class QueuedOut(serializers.Serializer[Any]):
    """Where the job is."""

    job = fields.WholeNumberField()
    url = fields.TextField()


def wants_no_wait(request: Request) -> bool:
    """Say whether the client wants its answer at once and the work done later (RFC 7240)."""
    asked = request.headers.get(PREFER_HEADER, "")
    return RESPOND_ASYNC in {part.partition(";")[0].strip().lower() for part in asked.split(",")}


def answer_queued(job: Job) -> Response:
    """Answer 202 with the address of the job."""
    address = reverse("jobs-detail", kwargs={"id": job.pk})
    headers = {"Location": address, PREFER_APPLIED_HEADER: RESPOND_ASYNC}
    return Response({"job": job.pk, "url": address}, status=202, headers=headers)
