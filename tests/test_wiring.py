"""Who listens to what: the exact receivers of every signal, and who answers the questions of sales.

A receiver that is added or lost changes what a save does; here it is seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import signals as model_signals  # noqa: TID251  to see that nobody else uses them
from django.db.models.signals import ModelSignal  # noqa: TID251
from django.dispatch import Signal

from assembly import receivers
from assembly.made_to_order import AssembleToOrder
from sales import made_to_order
from sales import signals as sales_signals
from sales.models import SalesDocument, SalesLine

#: The only receivers of model signals on our own models.
MODEL_RECEIVERS: dict[tuple[str, Any], list[Any]] = {
    ("post_save", SalesLine): [receivers.on_sales_line_saved],
    ("post_delete", SalesLine): [receivers.on_sales_line_deleted],
}
RECEIVERS = {
    "sales_lines_saved": [receivers.on_sales_lines_saved],
    "sales_lines_deleting": [receivers.on_sales_lines_deleting],
    "sales_document_released": [receivers.on_sales_document_released],
    "sales_document_reopened": [receivers.on_sales_document_reopened],
    "sales_document_closed": [receivers.on_sales_document_closed],
    "sales_posting_date_changed": [receivers.on_sales_posting_date_changed],
}
ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("backoffice", "inventory", "sales", "assembly", "config")
MODEL_SIGNALS = {name: signal for name, signal in vars(model_signals).items() if isinstance(signal, ModelSignal)}


def _of_ours(found: Iterable[Any]) -> list[Any]:
    return [receiver for receiver in found if receiver.__module__.split(".")[0] in FLOORS]


def _live_receivers(signal: Signal, sender: Any) -> list[Any]:
    live, asynchronous = signal._live_receivers(sender)
    return [*live, *asynchronous]


def test_every_announcement_has_these_receivers() -> None:
    declared = {name: signal for name, signal in vars(sales_signals).items() if isinstance(signal, Signal)}

    assert declared.keys() == RECEIVERS.keys()
    for name, signal in declared.items():
        for sender in (SalesLine, SalesDocument):
            assert _live_receivers(signal, sender) == RECEIVERS[name], name


def test_the_model_signals_of_a_sales_line_reach_assembly_alone() -> None:
    for name, signal in MODEL_SIGNALS.items():
        for model in apps.get_models():
            found = _of_ours(_live_receivers(signal, model))
            assert found == MODEL_RECEIVERS.get((name, model), []), f"{name} of {model._meta.label}"


@pytest.mark.parametrize(
    ("what", "where"), [(r"\bSignal\(", "sales/signals.py"), (r"\.connect\(\w+,", "assembly/receivers.py")]
)
def test_signals_are_declared_and_connected_in_one_place(what: str, where: str) -> None:
    found = {
        str(path.relative_to(ROOT))
        for floor in FLOORS
        for path in (ROOT / floor).rglob("*.py")
        if re.search(what, path.read_text())
    }

    assert found == {where}


def test_connecting_twice_connects_once() -> None:
    receivers.connect()

    assert _live_receivers(sales_signals.sales_lines_saved, SalesLine) == [receivers.on_sales_lines_saved]


def test_assembly_answers_what_is_made_to_order() -> None:
    assert isinstance(made_to_order.get_supplier(), AssembleToOrder)


def test_a_receiver_that_fails_fails_the_announcement() -> None:
    """send(), not send_robust(): a refusal of assembly undoes the edit of the sales line."""

    def refuse(**_: Any) -> None:
        raise LookupError

    sales_signals.sales_document_reopened.connect(refuse)
    try:
        with pytest.raises(LookupError):
            sales_signals.announce_reopened(SalesDocument(document_type="sales_order"))
    finally:
        sales_signals.sales_document_reopened.disconnect(refuse)
