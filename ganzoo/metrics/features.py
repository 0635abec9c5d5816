"""Features of images, by a small network that was fitted to real ones of their set.

Inception's features were learnt on photographs and say little of drawn letters; these
are learnt on the set itself (`ganzoo.metrics.fit_features`). The network of `unown` ships as
arrays, made by

    ganzoo data features unown --out ganzoo/metrics/unown_features.npz
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
from scipy.special import softmax

from ganzoo.errors import InputError
from ganzoo.files.arrays import write_arrays
from ganzoo.files.read import open_file
from ganzoo.metrics import network
from ganzoo.metrics.resize import network_batches

# Raise it with any change of the networks that are fitted, but for the number of steps: that
# has a part in the cache's key, so that networks of other lengths stay.
VERSION = 1
AT_ONCE = 200  # Images in a call of the network.

SHIPPED = Path(__file__).with_name("unown_features.npz")
SHIPPED_SHA256 = "c13e30f82ab3e1b484daa902c484b26ce66b3721082b329fdfce3b4e2bfd2e4f"


class Features:
    """A feature network.

    Args:
        config: `version`, `resolution`, `channels`, `classes` (names, empty for a set
            without classes) and `data_sha256` of the set it was fitted to.
        arrays: The network's weights by name, float16, and `mean` and `deviation` of
            the raw features of real images, float32 [64].

    Raises:
        InputError: If `arrays` are not those of this network.
    """

    max_images = 20_000  # Training images among which copies are looked for.

    def __init__(self, config: dict[str, Any], arrays: dict[str, np.ndarray]):
        self.config = config
        self.arrays = arrays
        self.classes = tuple(config["classes"])
        self.model = network.build(config["resolution"], config["channels"], len(self.classes))
        self.model.set_weights(self._weights())

    def _weights(self) -> list[np.ndarray]:
        expected = {name: w.shape for name, w in named_weights(self.model).items()}
        expected |= dict.fromkeys(("mean", "deviation"), (network.FEATURES,))
        given = {name: array.shape for name, array in self.arrays.items()}
        if given != expected:
            odd = sorted(n for n in given | expected if given.get(n) != expected.get(n))
            raise InputError(
                f"The feature network's arrays {', '.join(odd)} are missing, unknown or "
                "misshapen. Make them again: ganzoo data features DATASET"
            )
        return [self.arrays[name].astype(np.float32) for name in named_weights(self.model)]

    @property
    def kind(self) -> str:
        """`"classifier"`, or `"autoencoder"` for a set without classes."""
        return "classifier" if self.classes else "autoencoder"

    @property
    def resolution(self) -> int:
        """Height and width that images are brought to."""
        return self.config["resolution"]

    @property
    def sha256(self) -> str:
        """Checksum of the configuration and all arrays, in hexadecimal."""
        digest = hashlib.sha256(json.dumps(self.config, sort_keys=True).encode())
        for name, array in sorted(self.arrays.items()):
            digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    def of(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        """Features and class probabilities of images.

        Args:
            images: uint8 [N, S, S, C]; brought to the network's resolution by `resize`.

        Returns:
            Features float64 [N, 64], of mean 0 and standard deviation 1 on real images;
            and probabilities float64 [N, classes], `None` for a set without classes.
            What a row lacks to 1 is the probability of none of the classes.

        Raises:
            InputError: If `images` are not such an array.
        """
        outputs = self._outputs(images)
        mean, deviation = (self.arrays[n].astype(float) for n in ("mean", "deviation"))
        features = (outputs["features"].astype(float) - mean) / deviation
        if not self.classes:
            return features, None
        return features, softmax(outputs["logits"].astype(float), axis=1)[:, :-1]

    def _outputs(self, images: np.ndarray) -> dict[str, np.ndarray]:
        parts = []
        for piece, count in network_batches(images, *self._shape, AT_ONCE):
            made = self.model.predict_on_batch(piece / np.float32(255))
            parts.append({name: np.asarray(v)[:count] for name, v in made.items()})
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    @property
    def _shape(self) -> tuple[int, int]:
        return self.resolution, self.config["channels"]

    def save(self, path: str | Path) -> None:
        """Write an .npz file: arrays, configuration and checksum."""
        extra = {"config": np.array(json.dumps(self.config)), "sha256": np.array(self.sha256)}
        write_arrays(path, **self.arrays, **extra)

    @classmethod
    def load(cls, path: str | Path, sha256: str | None = None) -> "Features":
        """Read what `save` wrote.

        Args:
            path: The file.
            sha256: The checksum that it must have, besides the one that it states.

        Raises:
            InputError: If it is no such file, damaged, or of another checksum.
        """
        try:
            with open_file(Path(path), links=True) as opened:
                file = np.load(opened, allow_pickle=False)
                arrays = {name: file[name] for name in file.files}
            stated = str(arrays.pop("sha256"))
            config = json.loads(str(arrays.pop("config")))
            features = cls(config, arrays)
        except InputError:
            raise
        except Exception as error:  # NumPy's reader raises nearly anything on damaged files.
            raise InputError(
                f"{path} is no feature network ({error}). Make it: ganzoo data features DATASET"
            ) from error
        if features.sha256 != stated or (sha256 or stated) != stated:
            raise InputError(
                f"{path} is damaged or another network than expected (sha256 "
                f"{features.sha256[:12]}, not {(sha256 or stated)[:12]}). Make it again: "
                "ganzoo data features DATASET"
            )
        return features


def named_weights(model: keras.Model) -> dict[str, np.ndarray]:
    """The weights by layer and place, such as `conv0.kernel`, in the model's order."""
    return {
        f"{layer.name}.{variable.name}": keras.ops.convert_to_numpy(variable.value)
        for layer in model.layers
        for variable in layer.weights
    }
