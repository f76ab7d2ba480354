"""How do assistants ask an index? The Model Context Protocol over the same engine; needs the extra ``mcp``."""
