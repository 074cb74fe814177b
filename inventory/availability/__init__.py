"""What there is and what there will be of an item: read-only answers from stock balances and planned movements."""
