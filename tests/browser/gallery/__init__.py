"""A page of each kind on things that are no documents: what the page plumbing and the scripts are tried on.

The "order" lives in a Python object, so its rules are seen at a glance and no app above the ground is needed.
"""
