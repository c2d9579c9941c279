"""Lets page tests import the product and the invented snapshot, whatever the import mode."""

from __future__ import annotations

import sys
from pathlib import Path

HOME = str(Path(__file__).resolve().parents[2])
if HOME not in sys.path:
    sys.path.insert(0, HOME)
