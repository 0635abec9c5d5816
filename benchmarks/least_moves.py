"""How many letters become their form under the one-to-one mapping that moves the least.

    python benchmarks/least_moves.py

For undeformed letters and forms of 56 pixels under Gaussian blurs, squared differences of
pixels. What CycleGAN's terms leave open, a translator that changes little would choose so.
"""

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.optimize import linear_sum_assignment

from ganzoo.data.font import LETTERS, draw_letter
from ganzoo.data.forms import draw

SIDE = 56
BLURS = (0, 1, 2, 3, 4, 5)  # Pixels.


def blurred(pictures: list[np.ndarray], sigma: float) -> np.ndarray:
    return np.stack([gaussian_filter(each.astype(float), sigma).ravel() for each in pictures])


def main() -> None:
    letters = [np.squeeze(draw_letter(letter, SIDE)) for letter in LETTERS]
    forms = [np.squeeze(draw(letter, SIDE)) for letter in LETTERS]
    for sigma in BLURS:
        one, other = blurred(letters, sigma), blurred(forms, sigma)
        moved = np.square(one[:, None] - other[None]).mean(axis=-1)
        rows, columns = linear_sum_assignment(moved)
        chosen = zip(rows, columns, strict=True)
        wrong = [f"{LETTERS[i]} {LETTERS[j]}" for i, j in chosen if i != j]
        right = len(LETTERS) - len(wrong)
        print(f"blur {sigma}: {right} of {len(LETTERS)} right; {', '.join(wrong)}")


if __name__ == "__main__":
    main()
