"""Read PDF, Word, Excel and OFD files."""
