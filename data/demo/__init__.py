"""Writes the demonstration city: the drops that its departments would send, and the truth about them."""

from data.demo.delivery import DemoSummary, write_demo, write_next_day

__all__ = ["DemoSummary", "write_demo", "write_next_day"]
