"""Which of the first hits mean what a question means, though they say it in other words? An optional extra."""
