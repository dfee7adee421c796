"""What matters: what decides a figure, what to check next, and what would bring it somewhere else."""
