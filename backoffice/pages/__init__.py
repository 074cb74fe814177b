"""The plumbing of the pages: who may see one, how one writes, what it is entered in and how a list is paged.

Nothing here knows a document. The apps above build their pages from it; docs/pages.md tells how.
"""
