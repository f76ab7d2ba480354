"""What the commands do, their options and the file of choices; ``indexer.cli`` joins them into one program."""
