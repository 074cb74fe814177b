"""Posting many assembly orders in the background: by the page, by the interface, and whatever happens to the worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from assembly.models import AssemblyDocument, PostedAssembly
from assembly.services import batch_posting
from backoffice import jobs
from backoffice.models import AuditEntry, Job, User
from backoffice.rights import Role
from backoffice.worker import Worker
from inventory.models import Item, LedgerEntryType
from inventory.services.adjusting import post_adjustments
from tests.rest import Api, person
from tests.support import assemble, day, fresh, sell_kit
from tests.support_pages import BY_SCRIPT, auditor, clerk, statements_of, worker
from tests.support_stories import house, kit, stock_kit

__all__ = ["auditor", "clerk", "house", "kit", "stock_kit", "worker"]

LIST = "/assembly/orders/"
QUEUE = f"{LIST}post-batch/"

pytestmark = pytest.mark.django_db


def put_in_stock(quantity: int) -> None:
    entry_type = LedgerEntryType.POSITIVE_ADJUSTMENT
    post_adjustments([{"entry_type": entry_type, "item": "D", "location": "MAIN", "quantity": quantity}])


@pytest.fixture
def orders(stock_kit: Item) -> list[AssemblyDocument]:
    """Three orders of two STK each, with components in stock for all of them."""
    put_in_stock(18)
    return [assemble(stock_kit, 2) for _ in range(3)]


def queue(client: Client, *nos: str, **more: str) -> Job:
    response = client.post(QUEUE, {"nos": nos, **more})
    job = Job.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/jobs/{job.pk}/"
    return job


def outcomes(job: Job) -> list[dict[str, Any]]:
    return [result.outcome for result in job.results.order_by("pk")]


# --- What is posted


def test_every_order_is_posted_by_itself(worker: Client, orders: list[AssemblyDocument]) -> None:
    first, second, third = (order.no for order in orders)
    job = queue(worker, third, first, second)

    Worker().work_off()

    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 3, 3)
    posted = dict(PostedAssembly.objects.values_list("order_no", "no"))
    assert outcomes(job) == [{"no": no, "posted_assembly_order": posted[no]} for no in (third, first, second)]
    assert {fresh(order).status for order in orders} == {"closed"}


def test_one_that_is_refused_stops_no_other(worker: Client, orders: list[AssemblyDocument], kit: Item) -> None:
    linked = AssemblyDocument.objects.get(link__sales_line=sell_kit(kit))
    large = assemble(Item.objects.get(no="STK"), 100)
    job = queue(worker, linked.no, orders[0].no, large.no, "NONE", orders[1].no)

    Worker().work_off()

    codes = [outcome.get("code") for outcome in outcomes(job)]
    assert codes == ["linked_to_sales_order", None, "not_enough_inventory", "not_found", None]
    short = outcomes(job)[2]
    assert (short["item"], short["required"]) == ("D", "300")
    assert sorted(PostedAssembly.objects.values_list("order_no", flat=True)) == sorted(o.no for o in orders[:2])
    assert fresh(large).status == "open"


def test_the_date_is_that_given_or_the_orders(worker: Client, orders: list[AssemblyDocument]) -> None:
    queue(worker, orders[0].no, posting_date=day(1).isoformat())
    Worker().work_off()
    Job.objects.all().delete()
    queue(worker, orders[1].no)
    Worker().work_off()

    dates = dict(PostedAssembly.objects.values_list("order_no", "posting_date"))
    assert dates == {orders[0].no: day(1), orders[1].no: orders[1].posting_date}


def test_the_trail_names_who_asked_and_the_job(worker: Client, orders: list[AssemblyDocument]) -> None:
    job = queue(worker, orders[0].no)

    Worker().work_off()

    entry = AuditEntry.objects.filter(kind="assembly_document", document_id=str(orders[0].pk)).first()
    assert entry is not None
    assert (entry.actor_name, entry.channel, entry.reason) == ("amir", "page", f"Job {job.pk}")


# --- What becomes of it when the worker ends


@contextmanager
def running_worker() -> Iterator[subprocess.Popen[bytes]]:
    """Run `manage.py work_jobs` on this test's database; it does not outlive the block."""
    at = connection.settings_dict
    url = f"postgresql://{at['USER']}:{at['PASSWORD']}@{quote(at['HOST'], safe='')}:{at['PORT'] or 5432}/{at['NAME']}"
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    environment["KITWRIGHT_LOCK_TIMEOUT"] = "60s"
    command = [sys.executable, "manage.py", "work_jobs"]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)


def sessions(condition: str) -> int:
    """Return how many other sessions of this database are as the condition says, now and not when first asked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            f" WHERE datname = current_database() AND pid <> pg_backend_pid() AND {condition}"
        )
        return int(cursor.fetchone()[0])


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_worker_that_ends_in_the_middle_posts_nothing_twice(
    orders: list[AssemblyDocument], how: signal.Signals
) -> None:
    """It waits for the second order's lock when it is told to end, or killed."""
    client = Client()
    client.force_login(person("amir", Role.ASSEMBLY_WORKER))
    job = queue(client, *(order.no for order in orders))
    with running_worker() as process:
        with transaction.atomic():
            AssemblyDocument.objects.select_for_update().get(pk=orders[1].pk)
            wait_until(lambda: sessions("wait_event_type = 'Lock'") == 1)
            process.send_signal(how)
            if how is signal.SIGKILL:
                process.wait(10)
        status = process.wait(60)
    # Its session ends a moment after it: what it had in hand is rolled back then.
    wait_until(lambda: sessions("true") == 0)

    job.refresh_from_db()
    if how is signal.SIGTERM:
        assert status == 0
        assert (job.state, job.done, job.attempts) == ("queued", 2, 0)
    else:
        assert (job.state, job.attempts) == ("running", 1)
        assert job.done == 1
        assert Worker().work_off() == 0
        Job.objects.update(claimable_at=timezone.now())
    Worker().work_off()

    job.refresh_from_db()
    assert (job.state, job.done) == ("done", 3)
    assert [outcome["no"] for outcome in outcomes(job)] == [order.no for order in orders]
    assert sorted(PostedAssembly.objects.values_list("order_no", flat=True)) == [order.no for order in orders]


# --- The page


def test_the_page_shows_how_far_it_is_and_what_came_of_it(worker: Client, orders: list[AssemblyDocument]) -> None:
    job = queue(worker, orders[0].no, "NONE")
    before = worker.get(f"/jobs/{job.pk}/").content.decode()
    assert "0 of 2 done" in before
    assert 'hx-trigger="every 1s"' in before
    assert '<progress max="2" value="0"' in before

    Worker().work_off()

    part = worker.get(f"/jobs/{job.pk}/", **BY_SCRIPT).content.decode()
    assert "<html" not in part
    assert "2 of 2 done, 1 refused" in part
    assert "hx-trigger" not in part
    assert f'<a href="/assembly/orders/{orders[0].no}/">{orders[0].no}</a>' in part
    assert f"Posted as {PostedAssembly.objects.get().no}" in part
    # What was refused comes first.
    assert part.index("NONE") < part.index(orders[0].no)


def test_the_page_costs_the_same_for_many_results(worker: Client, orders: list[AssemblyDocument]) -> None:
    counts = []
    for nos in (["NONE"], [f"NONE-{number}" for number in range(30)]):
        Job.objects.all().delete()
        job = queue(worker, *nos)
        Worker().work_off()
        counts.append(statements_of(lambda pk=job.pk: worker.get(f"/jobs/{pk}/")))  # type: ignore[misc]

    assert counts == [4, 4]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Choose the orders to post."),
        ({"nos": ["A", "A"]}, "An order can be named once only."),
        ({"nos": ["A"], "posting_date": "tomorrow"}, "is not a date"),
        ({"nos": [f"A{number}" for number in range(batch_posting.MAX_ORDERS + 1)]}, "At most 1000 orders"),
    ],
)
def test_what_cannot_be_queued_is_told_on_the_list(
    worker: Client, house: object, given: dict[str, Any], words: str
) -> None:
    response = worker.post(QUEUE, given, follow=True)

    assert response.redirect_chain == [(LIST, 302)]
    assert words in response.content.decode()
    assert not Job.objects.exists()


def test_only_who_may_post_queues_it_and_others_do_not_see_it(
    worker: Client, clerk: Client, auditor: Client, orders: list[AssemblyDocument]
) -> None:
    for client in (clerk, auditor):
        assert client.post(QUEUE, {"nos": [orders[0].no]}).status_code == 403
    job = queue(worker, orders[0].no)

    assert worker.get(f"/jobs/{job.pk}/").status_code == 200
    assert clerk.get(f"/jobs/{job.pk}/").status_code == 404
    assert Client().get(f"/jobs/{job.pk}/").status_code == 302


# --- The interface


@pytest.fixture
def api(db: None) -> Api:
    return Api(person("anna", Role.ASSEMBLY_WORKER))


def test_the_interface_queues_on_wish_and_shows_the_results(api: Api, orders: list[AssemblyDocument]) -> None:
    asked = {"nos": [orders[0].no, "NONE"], "posting_date": day(2).isoformat()}

    response = api.post("assembly-orders/post-batch/", asked, Prefer="respond-async", Idempotency_Key="k")
    again = api.post("assembly-orders/post-batch/", asked, Prefer="respond-async", Idempotency_Key="k")

    job = Job.objects.get()
    address = f"/api/v1/jobs/{job.pk}/"
    assert (response.status_code, again.status_code) == (202, 202)
    assert response["Location"] == again["Location"] == address
    assert response["Preference-Applied"] == "respond-async"
    assert response.body == {"job": job.pk, "url": address}

    Worker().work_off()

    shown = api.get(f"jobs/{job.pk}/").body
    assert (shown["kind"], shown["state"], shown["done"], shown["total"]) == (batch_posting.KIND, "done", 2, 2)
    assert shown["created_by"] == "anna"
    posted = PostedAssembly.objects.get()
    assert posted.posting_date == day(2)
    assert shown["results"][0] == {"no": orders[0].no, "posted_assembly_order": posted.no}
    assert (shown["results"][1]["no"], shown["results"][1]["code"]) == ("NONE", "not_found")


def test_without_the_wish_it_posts_at_once(api: Api, orders: list[AssemblyDocument]) -> None:
    response = api.post("assembly-orders/post-batch/", {"nos": [orders[0].no, "NONE"]}, Prefer="return=minimal")

    assert response.status_code == 200
    assert response.body["results"][0] == {
        "no": orders[0].no,
        "posted_assembly_order": PostedAssembly.objects.get().no,
    }
    assert (response.body["results"][1]["no"], response.body["results"][1]["code"]) == ("NONE", "not_found")
    assert not Job.objects.exists()


def test_a_list_of_jobs_shows_the_newest_first_and_nobody_elses(api: Api, orders: list[AssemblyDocument]) -> None:
    for order in orders[:2]:
        api.post("assembly-orders/post-batch/", {"nos": [order.no]}, Prefer="respond-async")
    newest, oldest = Job.objects.order_by("-pk")

    listed = api.get("jobs/").body["results"]

    assert [row["id"] for row in listed] == [newest.pk, oldest.pk]
    assert "results" not in listed[0]
    assert api.get("jobs/?state=done").body["results"] == []
    stranger = Api(person("carl", Role.CLERK))
    assert stranger.get("jobs/").body["results"] == []
    assert stranger.get(f"jobs/{newest.pk}/").status_code == 404
    assert Api(None).get("jobs/").status_code == 401
    assert api.delete(f"jobs/{newest.pk}/").status_code == 405


def test_nothing_is_queued_for_a_posting_that_is_refused_as_a_whole(api: Api, house: object) -> None:
    response = api.post("assembly-orders/post-batch/", {"nos": ["A", "A"]}, Prefer="respond-async")

    assert response.status_code == 400
    assert not Job.objects.exists()
    assert User.objects.filter(username="anna").exists()


def test_the_handler_is_known(db: None) -> None:
    kind = jobs.kind_of(batch_posting.KIND)

    assert kind is not None
    assert kind.label == "Post assembly orders"
