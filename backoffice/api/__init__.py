"""The plumbing of the REST interface: parsing, strict fields, problem details, paging, filters, views."""
