"""`load_demo`: the demo company tells its story, once."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from assembly.loading.people import DEMO_PEOPLE
from assembly.models import AssemblyDocument, AssemblyDocumentType
from backoffice.models import User
from backoffice.rights import Role
from inventory.models import AssemblyPolicy, Item, Location, Setup
from sales.models import SalesDocument

pytestmark = pytest.mark.django_db(transaction=True)


def test_demo_loads_once(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_demo")
    documents = SalesDocument.objects.count()
    call_command("load_demo")

    assert capsys.readouterr().out.splitlines() == [
        "Demo company: loaded. New people: 6.",
        "Demo company: already there. New people: 0.",
    ]
    assert SalesDocument.objects.count() == documents == 5


def test_demo_has_the_kits_the_bench_and_the_bins() -> None:
    call_command("load_demo")

    kits = dict(Item.objects.filter(no__startswith="KIT").values_list("no", "assembly_policy"))
    assert kits == {"KIT-A": AssemblyPolicy.ASSEMBLE_TO_STOCK, "KIT-B": AssemblyPolicy.ASSEMBLE_TO_ORDER}
    assert Item.objects.filter(no__startswith="80").count() == 7
    assert Location.objects.get(code="WHITE").from_assembly_bin == "ASM-OUT"
    assert Setup.objects.get().default_location_id == "MAIN"
    linked = AssemblyDocument.objects.filter(document_type=AssemblyDocumentType.ORDER, link__isnull=False)
    assert sorted(linked.values_list("item", "quantity")) == [("KIT-A", 5), ("KIT-B", 2), ("KIT-B", 3)]


def test_demo_people_cover_every_role_and_keep_changed_passwords(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_demo")
    clerk = User.objects.get(username="clerk")
    clerk.set_password("something else entirely")
    clerk.save()
    call_command("load_demo")
    capsys.readouterr()

    call_command("demo_people")

    said = capsys.readouterr().out
    assert {person.role for person in DEMO_PEOPLE} == set(Role)
    assert "  admin       kitwright-admin       Administrator" in said
    assert "  clerk       (changed)             Sales clerk" in said


def test_nobody_is_shown_where_the_demo_is_not_loaded(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo_people")

    assert capsys.readouterr().out == ""
