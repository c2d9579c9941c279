"""The forms in which departments write files: each room turns one of them into sheets of rows, and knows no column."""
