"""The measures of a run: what they are called, which way is better, how they are shown."""

import math
from dataclasses import dataclass

NOTHING = "–"  # where there is no figure


@dataclass(frozen=True)
class Measure:
    """One figure of an evaluated run.

    Attributes:
        name: The key in results and the column in the CSV files.
        label: What a person reads.
        direction: -1 where lower is better, 1 where higher is, 0 where neither is:
            such a measure is shown, and never ranked or compared.
        meaning: One line.
        digits: Digits after the point.
        scale: Shown figures are this much larger; `unit` says so.
        unit: Such as `"%"`.
        deviation: The key of the sample's own standard deviation by chance, in results and as
            a column, where the floor's would not do; empty otherwise.
    """

    name: str
    label: str
    direction: int
    meaning: str
    digits: int = 2
    scale: float = 1.0
    unit: str = ""
    deviation: str = ""

    @property
    def title(self) -> str:
        """The label with its unit: `Recognised (%)`."""
        return f"{self.label} ({self.unit})" if self.unit else self.label

    @property
    def arrow(self) -> str:
        """Which way is better, as a sign."""
        return {-1: "↓", 0: "", 1: "↑"}[self.direction]

    @property
    def worst(self) -> float:
        """What a run that failed is ranked as: infinity, or NaN where nothing is worse."""
        return -self.direction * math.inf if self.direction else math.nan

    def better(self, difference: float) -> bool:
        """Whether a `difference` to something else is for the better."""
        return self.direction * difference > 0

    def show(self, value: float | None, sign: bool = False) -> str:
        """`value` as shown in tables, without the unit; `sign` writes a plus too."""
        if value is None or math.isnan(value):
            return NOTHING
        if math.isinf(value):
            return ("+∞" if value > 0 else "−∞") if sign else "failed"
        text = f"{value * self.scale:{'+' if sign else ''}.{self.digits}f}"
        zero = not text.strip("+-0.")
        return text.lstrip("+-") if zero else text.replace("-", "−")

    @property
    def chance(self) -> "Measure":
        """How two of its own standard deviations are shown: their key is `deviation`."""
        label, meaning = f"{self.label} ±", f"Two standard deviations of {self.label.lower()}."
        return Measure(self.deviation, label, 0, meaning, self.digits, 2 * self.scale)

    def show_with(self, value: float | None, deviation: float | None) -> str:
        """`value` as shown, with two of its standard deviations: `"0.12 ±0.03"`."""
        shown = self.show(value)
        return shown if deviation is None else f"{shown} ±{self.show(2 * deviation)}"


def _share(name: str, label: str, meaning: str) -> Measure:
    """Of which images, in percent; the more the better."""
    return Measure(name, label, 1, meaning, digits=1, scale=100, unit="%")


KID = Measure(
    "kid",
    "KID",
    -1,
    "Distance; may be below 0.",
    digits=3,
)

# What a caption says: the label, and what it is.
ATTRIBUTES = {
    "form": ("Form", "form"),
    "size": ("Size", "size"),
    "stroke": ("Stroke", "stroke width"),
    "colour": ("Colour", "stroke's colour"),
    "lean": ("Lean", "lean"),
    "ground": ("Ground", "ground's colour"),
}

MEASURES = {
    measure.name: measure
    for measure in (
        KID,
        Measure("frechet", "Frechet", -1, "Distance of Gaussians: no FID."),
        Measure("sliced_wasserstein", "Sliced W2", -1, "Sliced Wasserstein: no MIND."),
        Measure("modes", "Modes", 1, "Classes that are shown.", digits=0),
        Measure("reached", "Reached", 1, "Classes with one clear image.", digits=0),
        _share("recognised", "Recognised", "Images that show one class."),
        _share("as_asked", "As asked", "Images of the class asked for."),
        *(
            _share(
                f"{name}_as_asked",
                f"Asked: {label.lower()}",
                f"Images of the {what} asked for.",
            )
            for name, (label, what) in ATTRIBUTES.items()
        ),
        *(
            _share(
                f"{name}_never_trained",
                f"New: {label.lower()}",
                f"{what.capitalize()}, never trained.",
            )
            for name, (label, what) in ATTRIBUTES.items()
        ),
        Measure("kl", "KL", -1, "Class shares against the set's.", digits=3),
        Measure("precision", "Precision", 1, "Images that lie among real ones.", digits=3),
        Measure("recall", "Recall", 1, "Real ones among the generated.", digits=3),
        Measure("density", "Density", 1, "Real images around an image.", digits=3),
        Measure("coverage", "Coverage", 1, "Real ones with an image near.", digits=3),
        Measure("vendi", "Vendi", 1, "Different images, in effect."),
        Measure(
            "memorisation",
            "Memorisation",
            0,
            "Copied images: about 0 if none.",
            digits=3,
            deviation="memorisation_deviation",
        ),
        Measure(
            "authenticity", "Authenticity", 0, "Images apart from training ones.", digits=3
        ),
        Measure("near_copies", "Near-copies", -1, "Images that repeat another one.", digits=3),
        Measure("sharpness", "Sharpness", 0, "Under 1 blurred, above 1 noisy."),
        _share("a_to_b", "A to B", "Images of A that become their class of B."),
        _share("b_to_a", "B to A", "Images of B that become their class of A."),
        _share("returned", "And back", "Images of their class again on their way back."),
        Measure("classes_a_to_b", "Classes A to B", 1, "Classes of which most do.", digits=0),
        Measure("classes_b_to_a", "Classes B to A", 1, "Classes of which most do.", digits=0),
    )
}

# Measures of images that were asked for by captions.
OF_CAPTIONS = (
    *(f"{name}_as_asked" for name in ATTRIBUTES),
    *(f"{name}_never_trained" for name in ATTRIBUTES),
)

# Names of the figures of a run or snapshot in results and CSV files.
FIGURES = (*MEASURES, *(m.deviation for m in MEASURES.values() if m.deviation))

# Further figures that verdicts are made of: shown by `ganzoo evaluate`, in no comparison.
OF_SAMPLES = {
    measure.name: measure
    for measure in (
        Measure("groups", "Groups", 1, "Groups of like images shown.", digits=0),
        Measure("copies", "Copies", -1, "Images close to a training one.", digits=3),
        Measure("outliers", "Outliers", -1, "Images unlike every real one.", digits=3),
    )
}

# The measure whose differences are tested; the others describe.
PRIMARY = KID

# Measures of main tables.
HEADLINE = ("kid", "frechet", "modes", "recognised", "coverage")

# Measures of translations, which have none of the above: the first one is tested.
TRANSLATED = ("a_to_b", "b_to_a", "returned", "classes_a_to_b", "classes_b_to_a")
