"""What people do: an append-only, hash-chained table of actions, and what follows from it. It never holds alert state."""
