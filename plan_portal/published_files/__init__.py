"""Public pages as files that nginx serves: which (addresses) → their bytes (rendering) → folders (releases) → when (watching)."""
