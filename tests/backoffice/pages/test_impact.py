"""What a write would change, in words, from what the trail told of its rows."""

from __future__ import annotations

from typing import Any

import pytest

from backoffice.impact import Impact
from backoffice.pages.impact import Difference, touched_documents

_ORDER: dict[str, Any] = {"type": "assembly_order", "no": "AO-1", "line_no": None}
_QUANTITY = {"field": "quantity", "old": "5", "new": "3"}


@pytest.mark.django_db
def test_a_lot_that_comes_or_goes_is_not_its_document() -> None:
    lots = [
        {**_ORDER, "which": {"lot_no": "L1"}, "action": "changed", "changes": [_QUANTITY]},
        {**_ORDER, "which": {"lot_no": "L2"}, "action": "deleted", "changes": []},
        {**_ORDER, "line_no": 10000, "which": {"lot_no": "L3"}, "action": "created", "changes": []},
    ]

    (touched,) = touched_documents(Impact(documents=lots), with_costs=True)

    assert not touched.is_new
    assert touched.differences == [
        Difference(what="Quantity of L1", old="5", new="3"),
        Difference(what="L2 taken off"),
        Difference(what="L3 added", line_no=10000),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("action", "what"), [("created", "Made"), ("deleted", "Deleted")])
def test_a_document_that_comes_or_goes_is_told_as_a_whole(action: str, what: str) -> None:
    rows = [{**_ORDER, "line_no": line_no, "action": action, "changes": []} for line_no in (None, 10000)]

    (touched,) = touched_documents(Impact(documents=rows), with_costs=True)

    assert (touched.is_new, touched.differences) == (action == "created", [Difference(what=what)])
