"""Several processes that share work, in order, and lose none of it when one of them dies."""
