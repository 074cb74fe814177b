"""The interface of inventory, address by address."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from backoffice.models import User

pytestmark = pytest.mark.django_db
BASE = "/api/v1"


@pytest.fixture
def api(db: None) -> APIClient:
    """A client that may do everything."""
    client = APIClient()
    client.force_authenticate(User.objects.create_superuser("root"))
    return client


def test_smoke(api: APIClient) -> None:
    print(api.get(f"{BASE}/setup/").json())
    r = api.post(f"{BASE}/items/", {"no": "C1", "unit_cost": 2.5}, format="json")
    print(r.status_code, r.json())
    r = api.post(f"{BASE}/resources/", {"no": "R1", "name": "R1", "unit_cost": 30}, format="json")
    print(r.status_code, r.json())
    r = api.post(
        f"{BASE}/items/",
        {
            "no": "KIT",
            "replenishment_system": "assembly",
            "assembly_policy": "assemble_to_order",
            "variants": [{"code": "V"}],
        },
        format="json",
    )
    print(r.status_code, r.json())
    r = api.put(
        f"{BASE}/items/KIT/bom/",
        [
            {"type": "item", "no": "C1", "quantity_per": 2},
            {"type": "resource", "no": "R1", "quantity_per": "0.5"},
            {"type": "text", "description": "Care"},
        ],
        format="json",
    )
    print(r.status_code, r.json(), r.headers)
    r = api.post(
        f"{BASE}/inventory-adjustments/",
        {"entry_type": "positive_adjustment", "item": "C1", "quantity": 10},
        format="json",
    )
    print(r.status_code, r.json())
    r = api.post(
        f"{BASE}/purchase-orders/",
        {"vendor_name": "V", "lines": [{"item": "C1", "quantity": 5, "expected_receipt_date": "2031-03-04"}]},
        format="json",
    )
    print(r.status_code, r.json())
    no = r.json()["no"]
    r = api.patch(f"{BASE}/purchase-orders/{no}/lines/10000/", {"expected_receipt_date": "2031-03-05"}, format="json")
    print(r.status_code, r.json())
    r = api.post(f"{BASE}/purchase-orders/{no}/receive/", {}, format="json")
    print(r.status_code, r.json())
    r = api.get(f"{BASE}/item-ledger-entries/?item=C1")
    print(r.status_code, r.json())
    r = api.get(f"{BASE}/items/C1/where-used/")
    print(r.status_code, r.json())
    r = api.get(f"{BASE}/items/KIT/bom/20000/")
    print(r.status_code, r.json())
    r = api.put(f"{BASE}/items/C1/bom/", [{"type": "item", "no": "KIT", "quantity_per": 2}], format="json")
    print(r.status_code, r.json())
    r = api.delete(f"{BASE}/items/C1/")
    print(r.status_code, r.json())
    r = api.put(f"{BASE}/items/KIT/substitutes/", [{"substitute": "C1"}], format="json")
    print(r.status_code, r.json())
    r = api.get(f"{BASE}/items/?expand=variants&search=kit")
    print(r.status_code, r.json())
    r = api.post(f"{BASE}/locations/", {"code": "WH", "bin_mandatory": True}, format="json")
    print(r.status_code, r.json())
    r = api.post(f"{BASE}/locations/WH/bins/", {"code": "A/1"}, format="json")
    print(r.status_code, r.json())
    r = api.patch(f"{BASE}/locations/WH/", {"default_bin": "A/1"}, format="json")
    print(r.status_code, r.json())
    r = api.get(f"{BASE}/locations/WH/bins/")
    print(r.status_code, r.json())
    r = api.get(f"{BASE}/locations/WH/bins/A%2F1/")
    print(r.status_code, r.content)
    r = api.patch(f"{BASE}/setup/", {"work_date": "2031-03-03"}, format="json")
    print(r.status_code, r.json())
