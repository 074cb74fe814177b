"""Settings: `base` reads everything from the environment, `local` and `test` only override.

What can be set, and to what, is declared once in `environment`.
"""
