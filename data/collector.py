"""Lets Python's collector of reference cycles rest while a drop is taken in.

Its cells are very many objects without a cycle, which the collector would walk through again and again.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def resting() -> Iterator[None]:
    """Let the collector rest; what it would have collected by then is collected afterwards."""
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()
