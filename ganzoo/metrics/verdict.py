"""One word for a run, and why.

Each limit is relative to what as many real images give, the floor, and is passed only by more
than chance does: by `SURE` standard deviations of the floor, or where images are counted with a
probability below `RARE`. So a limit is wide where images are few. Where even real images are
too few to be told from faulty ones, the verdict says so.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import bdtr, bdtrc

from ganzoo.metrics.modes import FAIR_SHARE

TOO_FEW = "too few images to tell"

SURE = 5.0  # Standard deviations.
SURE_OF_SKEWED = 10.0  # For KID and KL: in 1 of 100 draws of 20 KID is 5 above its mean.
RARE = 1e-5
# A classifier that recognises fewer of the real images cannot judge fakes. One of colourful
# shapes recognised none of them after 300 steps, and 0.89 after 1300.
BLIND_RECOGNISED = 0.1
# Of what real images get, which is about 0.98 for Unown and less for sets whose classes are
# alike; noise and other garbage: below 0.05.
UNRECOGNISABLE_RECOGNISED = 0.1
# Generators that show all modes have 0.12 at most; those that diverged, negatives, noise, half
# of the contrast and a quarter of the modes more than 0.3. Images of a part of the set are near
# real ones, the others are not.
FAR_KID = 0.3
UNRECOGNISABLE_PRECISION = 0.5
# Images that are unlike every real one: of these in all, and of noise and the like among them.
UNRECOGNISABLE_OUTLIERS = 0.5
HOPELESS_RECOGNISED = 0.2
UNRECOGNISABLE_GARBAGE = 0.1
UNCLEAR_OUTLIERS = 0.15
# A Gaussian blur of 1 pixel at 56 gives about 0.5, real images 1.0 within 0.02.
BLURRED = 0.7
# Of the modes that real images cover, which are all or nearly all. A mode is missing only
# with less than a tenth of its share, so one or two in twenty may be hard ones; more are
# collapse.
COLLAPSED_MODES = 0.9
# Where most images are unclear, a mode may be shown and not be recognised: WGAN-GP after 100
# kimg, in which a person sees all modes, has 27 to 31 % recognised and 22 to 24 modes; the
# relativistic loss without a penalty, which shows a dozen over and over, 9 or 10.
COLLAPSED_MODES_UNCLEAR = 0.6
# More than real images, which are 0.01 by construction. Many near-copies mean few images.
COLLAPSED_COPIES = 0.25
# Even shares are 0, half of the modes alone 0.7.
COLLAPSED_KL = 0.5
# Without classes: of the groups into which real images fall.
COLLAPSED_GROUPS = 0.75
# Images that are nearer to a training image than a real one ever is.
MEMORISED_COPIES = 0.1
MEMORISED = 0.25
# Below this, fewer than half as many images as real ones show a mode.
UNCLEAR_RECOGNISED = 0.5
UNCLEAR_PRECISION = 0.25
# Of fewer images a fault of a tenth is a handful.
ENOUGH = 100


@dataclass(frozen=True)
class Evidence:
    """What a verdict is made of.

    Attributes:
        count: Images of the sample.
        measures: The figures of `Evaluator`; those that do not exist are `None`.
        floor: The same of as many real images.
        deviation: Standard deviation of the floor by chance.
        shares: Share of each class in the set; empty for a set without classes.
        exact: Images that are training images, pixel for pixel.
        exact_rate: Share of held-out images that are.
        garbage: Share of images that are far from every real one.
        close_rate: Share of real images that count as copies, by chance.
        far_rate: Share of real images that count as outliers, by chance.
    """

    count: int
    measures: Mapping[str, Any]
    floor: Mapping[str, Any]
    deviation: Mapping[str, Any]
    shares: np.ndarray
    exact: int = 0
    exact_rate: float = 0.0
    garbage: float = 0.0
    close_rate: float = 0.005
    far_rate: float = 0.001

    @property
    def classes(self) -> int:
        """Classes that can be told; 0 where not even real images are recognised."""
        return 0 if self.blind else len(self.shares)

    @property
    def blind(self) -> bool:
        """Whether there are classes, and not even real images are recognised."""
        return bool(len(self.shares)) and self.floor["recognised"] < BLIND_RECOGNISED

    def __getitem__(self, name: str) -> float:
        """A figure of the sample."""
        return self.measures[name]

    def below(self, name: str, part: float) -> bool:
        """Whether a figure is below `part` of the floor, and not by chance."""
        value, floor = self[name], self.floor[name]
        return value < part * floor and value < floor - SURE * self.deviation[name]

    def above(self, name: str, more: float, sure: float = SURE) -> bool:
        """Whether a figure is above the floor by `more`, and not by chance."""
        excess = self[name] - self.floor[name]
        return excess > more and excess > sure * self.deviation[name]

    def more(self, share: float, least: float, rate: float) -> bool:
        """Whether so large a share of images is above `least`, and not by chance."""
        found = round(share * self.count)
        return share > least and bdtrc(found - 1, self.count, rate) < RARE

    @property
    def unclear(self) -> bool:
        """Whether fewer than half as many images as real ones show a mode."""
        return bool(self.classes) and self.below("recognised", UNCLEAR_RECOGNISED)

    @property
    def far(self) -> bool:
        """Whether the sample as a whole is far from real images, and not by chance."""
        return self.above("kid", FAR_KID, SURE_OF_SKEWED)

    @property
    def moved_copies(self) -> bool:
        """Whether most images are copies, so moved or mirrored that no mode is told."""
        copied = 2 * self.exact > self.count
        return copied and bool(self.classes) and self.below("recognised", 1.0)

    @property
    def blurred(self) -> bool:
        """Whether the images are blurred; points are not."""
        return self["sharpness"] is not None and self.below("sharpness", BLURRED)


def verdict(evidence: Evidence) -> tuple[str, str]:
    """The verdict and its reason in one line.

    Returns:
        `"unrecognisable"`, `"blurred"`, `"collapsed"`, `"memorised"`, `"unclear"`,
        `"too few images to tell"` or `"healthy"`: the first that applies. The reason gives
        the figure, and beside it the floor with two deviations on each side; and it says where
        classes had no part in it.
    """
    for word, reasons in REASONS.items():
        for reason in reasons(evidence):
            return word, reason + _blindness(evidence)
    raise AssertionError("A sample is healthy if nothing else.")


def _blindness(e: Evidence) -> str:
    if not e.blind:
        return ""
    told = f"{e.floor['recognised']:.0%} of the real images"
    return f"; classes are not judged, as the features recognise {told}"


def _unrecognisable(e: Evidence) -> Iterator[str]:
    outliers = e["outliers"]
    hopeless = e.more(outliers, UNRECOGNISABLE_OUTLIERS, e.far_rate)
    if e.classes:  # Real images upside down are unlike real ones, and many show a mode.
        hopeless &= e.below("recognised", HOPELESS_RECOGNISED)
    if e.more(e.garbage, UNRECOGNISABLE_GARBAGE, e.far_rate) or hopeless:
        yield f"{outliers:.0%} of the images are unlike every real one"
    # Of blurred images no mode may be told, though they are near those of real ones.
    told = e.classes and not e.blurred and not e.moved_copies
    if told and e.below("recognised", UNRECOGNISABLE_RECOGNISED):
        yield f"{e['recognised']:.0%} of the images show a mode{_real(e, 'recognised')}"
    if e.far and e.below("precision", UNRECOGNISABLE_PRECISION):
        yield f"the images are far from real ones: KID {e['kid']:.2f}{_real(e, 'kid')}"


def _blurred(e: Evidence) -> Iterator[str]:
    if e.blurred:
        yield f"sharpness {e['sharpness']:.2f}{_real(e, 'sharpness')}"


def _collapsed(e: Evidence) -> Iterator[str]:
    if e.classes and not e.moved_copies and _modes_are_missing(e):
        yield f"{e['modes']} of {e.classes} modes{_real(e, 'modes')}"
    if not e.classes and e["groups"] is not None and e.below("groups", COLLAPSED_GROUPS):
        yield f"{e['groups']} groups of images{_real(e, 'groups')}"
    if e.above("near_copies", COLLAPSED_COPIES):
        share = f"{e['near_copies']:.0%} of the images are near-copies of another one"
        yield share + _real(e, "near_copies")
    told = e.classes and not e.unclear and not e.moved_copies
    if told and e.above("kl", COLLAPSED_KL, SURE_OF_SKEWED):
        yield f"shares of the modes unlike the set's: KL {e['kl']:.2f}{_real(e, 'kl')}"
    if e.far:
        yield f"a part of the set is missing: KID {e['kid']:.2f}{_real(e, 'kid')}"


def _modes_are_missing(e: Evidence) -> bool:
    least = COLLAPSED_MODES_UNCLEAR if e.unclear else COLLAPSED_MODES
    if not e.below("modes", least):
        return False
    # Of images that no classifier tells, none shows a mode; the others must be few in modes.
    expected, _ = modes_by_chance(e.shares, round(e["recognised"] * e.count))
    return e["modes"] < min(least * expected, expected - SURE * e.deviation["modes"])


def _memorised(e: Evidence) -> Iterator[str]:
    exact = e.exact / e.count
    if e.exact and (not e.exact_rate or e.more(exact, 0.0, e.exact_rate)):
        yield f"{e.exact:,} of {e.count:,} images are training images, pixel for pixel"
    if e.more(e["copies"], MEMORISED_COPIES, e.close_rate):
        nearer = "nearer to a training image than real images are"
        yield f"{e['copies']:.0%} of the images are {nearer}{_real(e, 'copies')}"
    learnt, chance = e["memorisation"], e["memorisation_deviation"]
    if learnt is not None and learnt > max(MEMORISED, SURE * chance):
        yield (
            f"about {learnt:.0%} of the images are copies of training images "
            f"(without copies 0% ± {2 * chance:.0%})"
        )


def _unclear(e: Evidence) -> Iterator[str]:
    if e.unclear:
        yield f"{e['recognised']:.0%} of the images show a mode clearly{_real(e, 'recognised')}"
    if e.more(e["outliers"], UNCLEAR_OUTLIERS, e.far_rate):
        yield f"{e['outliers']:.0%} of the images are unlike every real one"
    if not e.classes and e.below("precision", UNCLEAR_PRECISION):
        yield f"{e['precision']:.0%} of the images are near a real one{_real(e, 'precision')}"


def _too_few(e: Evidence) -> Iterator[str]:
    needed = enough(e)
    if e.count < needed:
        yield f"{e.count} show no fault, and {needed} would tell"


def _healthy(e: Evidence) -> Iterator[str]:
    if e.classes:
        clear = f"{e['recognised']:.0%} of the images clear"
        yield f"{e['modes']} of {e.classes} modes, {clear}{_real(e, 'recognised')}"
    near = f"{e['precision']:.0%} near a real image{_real(e, 'precision')}"
    yield f"{near}, {e['coverage']:.0%} of these covered{_real(e, 'coverage')}"


REASONS: dict[str, Callable[[Evidence], Iterator[str]]] = {
    "unrecognisable": _unrecognisable,
    "blurred": _blurred,
    "collapsed": _collapsed,
    "memorised": _memorised,
    "unclear": _unclear,
    TOO_FEW: _too_few,
    "healthy": _healthy,
}


def enough(evidence: Evidence) -> int:
    """Images that are enough to be called healthy: the least of 100, 120, 150, 200, ...

    So many that a quarter of the modes cannot be missing by chance.
    """
    if not evidence.classes:
        return ENOUGH
    shares = evidence.shares * evidence.floor["recognised"]
    steps = (ENOUGH * 10**power * step for power in range(6) for step in (1, 1.2, 1.5, 2, 3, 5))
    counts = [int(step) for step in steps]
    return next((count for count in counts if _told(shares, count)), counts[-1])


def _told(shares: np.ndarray, count: int) -> bool:
    """Whether of `count` images those without every fourth mode can be told from real ones."""
    modes, spread = modes_by_chance(shares, count)
    left = np.arange(len(shares)) % 4 < 3
    fewer, _ = modes_by_chance(shares[left] * shares.sum() / shares[left].sum(), count)
    return modes - SURE * spread >= fewer


def modes_by_chance(shares: np.ndarray, count: int) -> tuple[float, float]:
    """How many modes `count` images show that are drawn with `shares`: mean and deviation."""
    least = np.ceil(np.maximum(FAIR_SHARE * shares * count, 1.0))
    seen = 1 - bdtr(least - 1, count, shares)
    return float(seen.sum()), float(np.sqrt((seen * (1 - seen)).sum()))


SHARES = ("recognised", "near_copies", "copies", "precision", "coverage")


def _real(e: Evidence, name: str) -> str:
    """The floor and its interval, in brackets."""
    mean, spread = e.floor[name], 2 * e.deviation[name]
    low, high = mean - spread, mean + spread
    if name in SHARES:
        return f" (real images: {mean:.0%}, {max(low, 0):.0%} to {min(high, 1):.0%})"
    if name in ("modes", "groups"):
        return f" (real images: {mean:.0f}, {low:.0f} to {min(high, mean + 0.5):.0f})"
    return f" (real images: {mean:.2f}, {low:.2f} to {high:.2f})"
