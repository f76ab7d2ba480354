"""The same search for programs: JSON, CSV, Atom."""
