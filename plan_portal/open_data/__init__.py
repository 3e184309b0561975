"""Open data: the public tables of both plans for people (CSV, Excel) and machines (JSON, an API that describes itself)."""
