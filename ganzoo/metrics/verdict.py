"""One word for a run, and why.

Each threshold is far from what real images give at the same N (the floor) and from where the
other verdicts begin, so that chance does not decide.
"""

from collections.abc import Mapping
from typing import Any

# A classifier that recognises fewer of the real images cannot judge fakes. One of colourful
# shapes recognised none of them after 300 steps, and 0.89 after 1300.
BLIND_RECOGNISED = 0.1
# Of what real images get, which is about 0.98 for Unown and less for sets whose classes are
# alike; noise and other garbage: below 0.05. Under a tenth, the images do not show the set at
# all, and no other figure means anything.
UNRECOGNISABLE_RECOGNISED = 0.1
# For sets without classes, or a classifier that is blind. Real against real: 0.7 or more.
UNRECOGNISABLE_PRECISION = 0.05
# Of the forms that real images cover, which are all or nearly all. A form is missing only
# with less than a tenth of its share, so one or two in twenty may be hard ones; more are
# collapse.
COLLAPSED_FORMS = 0.9
# Where most images are unclear, a form may be shown and not be recognised: WGAN-GP after 100
# kimg, in which a person sees all forms, has 27 to 31 % recognised and 22 to 24 forms; the
# relativistic loss without a penalty, which shows a dozen over and over, 9 or 10.
COLLAPSED_FORMS_UNCLEAR = 0.6
# 0.01 of real images by construction. Many near-copies mean few images, over and over.
COLLAPSED_COPIES = 0.25
# For those too, where forms cannot be counted. Real against real: about 0.97.
COLLAPSED_COVERAGE = 0.1
# Without copies 0 with a deviation of 0.04 at N = 2800, and of 0.3 at N = 50, where more is
# asked for: so many deviations.
MEMORISED = 0.25
MEMORISED_DEVIATIONS = 4
# A Gaussian blur of 1 pixel at 56 gives about 0.5, real images 1.0 within 0.02.
BLURRED = 0.7
# Below this, fewer than half as many images as real ones show a form.
UNCLEAR_RECOGNISED = 0.5


def verdict(
    measures: Mapping[str, Any],
    floor: Mapping[str, Any],
    classes: int,
    chance: float = 0.0,
) -> tuple[str, str]:
    """The verdict and its reason in one line.

    Args:
        measures: The figures of `Evaluator`; those that do not exist are `None`.
        floor: The same of as many real images.
        classes: Number of classes; 0 for a set without. One whose real images are hardly
            recognised is judged like a set without.
        chance: Standard deviation of memorisation without copies.

    Returns:
        `"unrecognisable"`, `"collapsed"`, `"memorised"`, `"blurred"`, `"unclear"` or
        `"healthy"`: the first that applies.
    """
    recognised, forms = measures["recognised"], measures["forms"]
    copies, learnt = measures["near_copies"], measures["memorisation"]
    coverage, precision = measures["coverage"], measures["precision"]
    if classes and floor["recognised"] < BLIND_RECOGNISED:
        classes = 0
    if classes and recognised < UNRECOGNISABLE_RECOGNISED * floor["recognised"]:
        return "unrecognisable", f"{recognised:.0%} of the images show a form"
    if not classes and precision < UNRECOGNISABLE_PRECISION:
        return "unrecognisable", f"{precision:.0%} of the images are near a real one"
    # Copies of each other in such numbers may be of one form or of all.
    unclear = classes and recognised < UNCLEAR_RECOGNISED * floor["recognised"]
    least = COLLAPSED_FORMS_UNCLEAR if unclear else COLLAPSED_FORMS
    if classes and forms < least * floor["forms"]:
        return "collapsed", f"{forms} of {classes} forms"
    if copies > COLLAPSED_COPIES:
        return "collapsed", f"{copies:.0%} of the images are near-copies of another one"
    if not classes and coverage < COLLAPSED_COVERAGE:
        return "collapsed", f"{coverage:.0%} of the real images have a fake near them"
    if learnt is not None and learnt > max(MEMORISED, MEMORISED_DEVIATIONS * chance):
        return "memorised", f"about {learnt:.0%} of the images are copies of training images"
    if measures["sharpness"] < BLURRED:
        return "blurred", f"{measures['sharpness']:.2f} of the sharpness of real images"
    if unclear:
        return "unclear", f"{recognised:.0%} of the images show a form clearly"
    if classes:
        return "healthy", f"{forms} of {classes} forms, {recognised:.0%} of the images clear"
    return "healthy", f"{precision:.0%} near a real image, {coverage:.0%} of these covered"
