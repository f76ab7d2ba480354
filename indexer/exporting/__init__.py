"""How is what an index holds, or what was found in it, handed on in a file? One module a format."""
