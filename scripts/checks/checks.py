"""What a check is, and how checks are run: each in turn, within its time, and reported by its name."""

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass


class Failed(Exception):
    """Something was not as it has to be; the text is what was seen."""


class Skipped(Exception):
    """This cannot be checked here; the text is the reason."""


class TimedOut(Failed):
    pass


@dataclass
class Check:
    name: str
    function: Callable
    seconds: float


class Checks(list):
    """The checks of one file, in its order."""

    def __call__(self, name: str, seconds: float = 30):
        def add(function: Callable) -> Callable:
            self.append(Check(name, function, seconds))
            return function
        return add


def expect(seen, expected, what: str) -> None:
    if seen != expected:
        raise Failed(f"{what} is {seen!r}, not {expected!r}")


def expect_in(part, whole, what: str) -> None:
    if part not in whole:
        raise Failed(f"{what}: {part!r} is not in {whole!r}")


class Deadline:
    """When the check that runs has to be through. There is one: checks run one after the other."""

    at = float("inf")
    # How much slower than usual this machine is.
    patience = 1.0

    @classmethod
    def set(cls, seconds: float) -> None:
        cls.at = time.monotonic() + seconds * cls.patience

    @classmethod
    def left(cls) -> float:
        return max(cls.at - time.monotonic(), 0)


def eventually(condition: Callable, what: str, seconds: float = 10):
    """Asks again and again until the answer is true, and returns it."""
    end = min(time.monotonic() + seconds * Deadline.patience, Deadline.at)
    while not (answer := condition()):
        if time.monotonic() > end:
            raise Failed(f"not within {seconds:g} s: {what}")
        time.sleep(0.05)
    return answer


class Report:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def run(self, engine_name: str, box, start: Callable, checks: list[Check], match: str) -> None:
        """Starts an engine, runs its checks and stops it. If it hangs again and again, the rest is given up."""
        hung = 0
        Deadline.set(30)
        try:
            engine = start(box)
        except Failed as seen:
            self._failed(f"{engine_name}: starts", seen)
            return
        for check in checks:
            name = f"{engine_name}: {check.name}"
            if match not in name:
                continue
            if hung == 3:
                self._failed(name, "not tried: three checks have timed out")
                continue
            Deadline.set(check.seconds)
            box.log(f"\n=== {name}\n")
            try:
                check.function(engine)
            except Skipped as reason:
                self.skipped += 1
                print(f"skipped {name}: {reason}", flush=True)
                continue
            except Failed as seen:
                hung += isinstance(seen, TimedOut)
                self._failed(name, seen)
            except Exception as error:
                # An answer that is not even in the form it has to have.
                where = traceback.extract_tb(error.__traceback__)[-1]
                self._failed(name, f"{type(error).__name__}: {error} ({where.name}, line {where.lineno})")
            else:
                self.passed += 1
                print(f"ok {name}", flush=True)
                continue
            Deadline.set(20)
            try:
                engine.clear()
            except Failed:
                pass  # What it was about has been reported.
        Deadline.set(30)
        try:
            engine.stop()
        except Failed as seen:
            self._failed(f"{engine_name}: stops", seen)

    def _failed(self, name: str, seen) -> None:
        self.failed += 1
        print(f"FAILED {name}: {seen}", flush=True)

    def summary(self) -> str:
        return f"{self.passed} ok, {self.failed} failed, {self.skipped} skipped"
