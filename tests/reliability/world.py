"""Furnish an empty database for people who post without a pause: `python -m tests.reliability.world`.

A process of its own, because it works on the server that is going to be killed and not on that of the tests.
Prints the token that the clients use.
"""

from __future__ import annotations

import django

#: More than any number of cycles uses.
PLENTY = 1_000_000


def furnish() -> str:
    """Make K of 2 A and an hour of R, STK of 3 D, the customer CUST and a user; return the user's token."""
    from backoffice.models import ApiToken, User
    from backoffice.rights import Role
    from tests.factories import make_customer, make_item, make_kit, make_resource, make_stock_kit
    from tests.posting import stock

    parts = {no: make_item(no) for no in ("A", "D", "LOOSE")}
    make_kit(
        "K",
        bom=[{"item": parts["A"], "quantity_per": 2}, {"resource": make_resource("R"), "quantity_per": 1}],
    )
    make_stock_kit("STK", bom=[{"item": parts["D"], "quantity_per": 3}])
    make_customer("CUST")
    for no in ("A", "D"):
        stock(no, PLENTY, 5)
    roles = [Role.CLERK, Role.ASSEMBLY_WORKER, Role.PLANNER]
    return str(ApiToken.issue(User.objects.create_user("posters", roles=roles)))


if __name__ == "__main__":
    django.setup()
    print(furnish())  # noqa: T201 - what the caller waits for
