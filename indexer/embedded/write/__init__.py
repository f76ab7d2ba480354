"""Build segments from announcements, merge them, and commit a new version."""
