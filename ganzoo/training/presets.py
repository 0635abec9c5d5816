"""Named settings of `ganzoo train`; anything given on the command line wins over them."""

from typing import Any

# Times are measured on a 2-core CPU with TensorFlow and `wgan-gp`; see benchmarks/.
PRESETS: dict[str, dict[str, Any]] = {
    # Under a minute with start-up: shows that everything works, not good images.
    "smoke": {"schedule": "28:3,56:4:2", "tick": 1.0, "snap": 2.0, "per_class": 50},
    # Five minutes in bfloat16. Of batches of 16 (260 kimg) and 32 (320), which take equal
    # seconds: wgan-gp on `unown`, seed 0, at commit 0a90028, coverage 0.63 and 0.87,
    # near-copies 0.38 and 0.13; non-saturating with R1 at 1.0 on `unown-original`, seed 5,
    # coverage 0.87 and 0.89.
    "quick": {
        "schedule": "28:136,56:184:50",
        "batch": 32,
        "precision": "auto",
        "tick": 5.0,
        "snap": 30.0,
    },
    # For a GPU, where it was not run. With 500 kimg on two cores, `non-saturating` on
    # `unown-original` (seed 0): coverage 0.95, 0.99 recognised; `quick` has 0.90 and 0.98.
    "full": {
        "schedule": "28:400,56:1200:200",
        "architecture": "progressive-dcgan:width=32",
        "precision": "auto",
        "batch": 64,
        "tick": 20.0,
        "snap": 200.0,
    },
}
