"""What pages share, a file per noun."""
