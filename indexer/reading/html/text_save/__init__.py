"""A page saved as plain text, by a browser, a converter or copy-and-paste: read into the lines that markup gives."""

from indexer.reading.html.text_save.reader import MAX_LINES, read_text

__all__ = ["MAX_LINES", "read_text"]
