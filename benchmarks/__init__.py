"""What the product costs, as ratios to a yardstick that runs beside it."""
