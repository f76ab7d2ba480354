"""Read the text of office files: PDF, Word, Excel, PowerPoint, OFD, OpenDocument, RTF."""
