"""The verbs of the command line, by whom they serve; `cli.py` puts them together."""
