"""How long a training takes, by the clock on the wall and by the processor's."""

import time
from collections.abc import Mapping
from typing import Any

SECONDS, PROCESSOR_SECONDS = "seconds", "processor_seconds"
SECONDS_A_SAMPLE = "seconds_a_sample"  # On the wall, to make an image of many at a time.


class Clock:
    """Counts the seconds of training alone, lap by lap.

    What happens between a `lap` and the next `start` is left out: building networks, scoring.
    The seconds of the processor are those that this process had of all cores together: other
    programs on the machine hardly change them, where they change those on the wall.

    Attributes:
        seconds: On the wall, up to the last lap.
        processor_seconds: Of the processor; `None` after a checkpoint that has none.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self.processor_seconds: float | None = 0.0
        self.start()

    def start(self) -> None:
        """Begin a lap now."""
        self._wall, self._processor = time.perf_counter(), time.process_time()

    def lap(self) -> None:
        """Add the time since the lap began, and begin the next."""
        wall, processor = self._wall, self._processor
        self.start()
        self.seconds += self._wall - wall
        if self.processor_seconds is not None:
            self.processor_seconds += self._processor - processor

    def now(self) -> float:
        """Seconds on the wall, the lap that is under way included."""
        return self.seconds + time.perf_counter() - self._wall

    def go_on(self, saved: Mapping[str, Any]) -> None:
        """Go on from the `times` in a checkpoint's manifest."""
        self.seconds = saved[SECONDS]
        self.processor_seconds = saved.get(PROCESSOR_SECONDS)
        self.start()

    @property
    def times(self) -> dict[str, float]:
        """Both, as they stand in files; what is not known is left out."""
        both = {SECONDS: self.seconds, PROCESSOR_SECONDS: self.processor_seconds}
        return {key: round(value, 3) for key, value in both.items() if value is not None}
