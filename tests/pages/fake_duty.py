"""An invented rota and the messages that were sent, for page tests; part of `FakeSource`."""

from __future__ import annotations

from datetime import timedelta

from data.desk.duty import Shift
from data.desk.outbox import Message
from data.settings import Settings
from tests.pages.fake_feeds import AS_OF, HOSTILE

NOW = AS_OF.replace(tzinfo=None)


class FakeDuty:
    """One officer for four more hours, and a chief whose shift is over; a calm city keeps no rota."""

    kind: str

    def rota_of(self, settings: Settings) -> tuple[Shift, ...]:
        """Return the rota."""
        if self.kind in {"calm", "bare"}:
            return ()
        name = HOSTILE if self.kind == "hostile" else "演示值班员甲"
        return (
            Shift(NOW - timedelta(hours=4), NOW + timedelta(hours=4), "officer", "a", name, ""),
            Shift(NOW - timedelta(hours=9), NOW - timedelta(hours=1), "chief", "b", "演示值班长甲", ""),
        )

    def messages_of(self, settings: Settings) -> list[Message]:
        """Return one message that was sent and one that failed."""
        return [self._message(1, "sent"), self._message(2, "failed")]

    def _message(self, number: int, state: str) -> Message:
        return Message(number, f"k{number}", "A", "fired", "red", "room", "", "", "t", "b", state, "", "", "", "", 1, "")
