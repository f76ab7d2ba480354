"""Scripts that show the promises kept, or broken: each prints a table and ends with status 1 on a broken one."""
