"""The numbers that properties are tried with: as the database holds them."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

#: What a person may enter: five decimals, not negative.
quantities = st.decimals(min_value=0, max_value=100_000, places=5)
positive_quantities = st.decimals(min_value=Decimal("0.00001"), max_value=100_000, places=5)
#: 0: none.
precisions = st.sampled_from([Decimal(text) for text in ("0", "1", "0.5", "0.1", "0.25", "0.01", "0.3")])
factors = st.decimals(min_value=Decimal("0.00001"), max_value=1000, places=5)
