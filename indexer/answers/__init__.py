"""Present what was found: hits, facets, snippets and their JSON."""
