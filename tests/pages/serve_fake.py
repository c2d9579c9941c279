"""Shows the product over an invented snapshot: `FAKE=full streamlit run tests/pages/serve_fake.py`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(HOME), str(Path(__file__).parent)]

from fake_snapshot import FakeSource  # noqa: E402

import app  # noqa: E402

app.run(app.settings_of(os.environ), FakeSource(os.environ.get("FAKE", "full")))
