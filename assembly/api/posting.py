"""Posting assembly orders to stock, one or many; what is assembled to order is posted with its shipment."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assembly.services.batch_posting import check_batch, queue_batch
from assembly.services.posting import PostedOrder, post_assembly_order
from backoffice import jobs
from backoffice.api import fields, idempotency
from backoffice.api.edge import PREVIEW
from backoffice.api.jobs import PREFER_HEADER, RESPOND_ASYNC, QueuedOut, answer_queued, wants_no_wait
from backoffice.api.refusals import IdempotencyKeyReused
from backoffice.api.serializers import StrictSerializer
from backoffice.api.views import ResourceViewSet
from backoffice.exceptions import DomainError, Refusals
from backoffice.rights import Right
from backoffice.transactions import run_unit
from inventory.api.preview import PostingPreviewOut, preview_of

#: As many orders as one request may post: it has to be done before the client hangs up.
MAX_BATCH = 100


class PostAssemblyOrderIn(StrictSerializer):
    """On which day to post: the order's posting date unless given."""

    posting_date = fields.DateField(required=False)


class PostedAssemblyOrderOut(serializers.Serializer[Any]):
    """The number of what was posted."""

    posted_assembly_order = fields.CodeField()


class PostBatchIn(PostAssemblyOrderIn):
    """Which orders to post."""

    nos = serializers.ListField(child=fields.CodeField(), allow_empty=False, max_length=MAX_BATCH)


class BatchRowOut(serializers.Serializer[Any]):
    """What became of one order: the posted document, or the code and the words of the refusal with its figures."""

    no = fields.CodeField()
    posted_assembly_order = fields.CodeField(required=False)
    code = fields.CodeField(required=False)
    detail = fields.TextField(required=False)


class BatchOut(serializers.Serializer[Any]):
    """What became of each order, in the order asked for."""

    results = BatchRowOut(many=True)


class PostsAssemblyOrders(ResourceViewSet):
    """Mix into the view of assembly orders: `POST …/post/` with its preview, `POST …/post-batch/`."""

    previewable: ClassVar[frozenset[str]] = frozenset({"post_order"})

    def right_needed(self) -> Right | None:
        """Return the right that the request needs; whoever may not post may still be allowed to look."""
        if self.action_name() == "post_batch":
            return Right.POST_ASSEMBLY
        if self.action_name() != "post_order":
            return super().right_needed()
        return Right.PREVIEW_POSTING if self.is_preview else Right.POST_ASSEMBLY

    @extend_schema(
        parameters=[OpenApiParameter(PREVIEW, bool, description="Answer with the entries, and post nothing.")],
        responses=PolymorphicProxySerializer(
            component_name="PostedAssemblyOrPreview",
            serializers=[PostedAssemblyOrderOut, PostingPreviewOut],
            resource_type_field_name=None,
        ),
    )
    @action(detail=True, methods=["post"], url_path="post", input_class=PostAssemblyOrderIn)
    def post_order(self, request: Request, no: str) -> Response:
        """Consume the components, put out the item."""
        posted = post_assembly_order(no=self.key, expected_rev=self.expected_rev, **self.values())
        return Response(self._preview(posted) if self.is_preview else {"posted_assembly_order": posted.document.no})

    def _preview(self, posted: PostedOrder) -> dict[str, Any]:
        return preview_of(
            posted.entries,
            adjustments=posted.adjustments,
            assemblies=[posted.document.no],
            context=self.get_serializer_context(),
        )

    @extend_schema(
        parameters=[
            OpenApiParameter(
                PREFER_HEADER,
                str,
                OpenApiParameter.HEADER,
                description=f"`{RESPOND_ASYNC}`: post in the background and answer with the address of the job.",
            )
        ],
        responses={200: BatchOut, 202: QueuedOut},
    )
    @action(detail=False, methods=["post"], url_path="post-batch", input_class=PostBatchIn)
    def post_batch(self, request: Request) -> Response:
        """Post each order as a unit of its own: one that is refused says why and stops no other (PST-09)."""
        values = self.values()
        if wants_no_wait(request):
            return answer_queued(queue_batch(**values))
        nos: list[str] = values.pop("nos")
        check_batch(nos)
        return Response({"results": [self._post_one(no, values) for no in nos]})

    def _run(self, work: Any) -> Response:
        """Leave a batch that is posted at once without a transaction around its units."""
        in_units = self.action_name() == "post_batch" and not wants_no_wait(self.request)
        return work() if in_units else super()._run(work)

    def _post_one(self, no: str, values: dict[str, Any]) -> dict[str, Any]:
        """Post one order of a batch. With an Idempotency-Key each order is posted once, however often it is asked."""

        def work() -> Response:
            return Response({"no": no, "posted_assembly_order": post_assembly_order(no=no, **values).document.no})

        try:
            answer = run_unit(self._once_in_batch(no, work))
        except IdempotencyKeyReused:
            raise
        except (DomainError, Refusals, Http404) as refusal:
            return {**jobs.refusal_of(refusal, no), "no": no}
        return dict(answer.data)

    def _once_in_batch(self, no: str, work: Any) -> Any:
        key = idempotency.key_in(self.request)
        if key is None:
            return work
        own = f"{hashlib.sha256(key.encode()).hexdigest()}:{no}"
        return lambda: idempotency.answer_once(self.request, own, work)
