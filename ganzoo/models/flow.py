"""Flow matching: diffusion along straight lines, by `--model flow`."""

import keras

from ganzoo.models.diffusion import DiffusionModel


@keras.saving.register_keras_serializable("ganzoo")
class FlowModel(DiffusionModel):
    """Diffusion whose denoiser learns the velocity from noise to images, on straight lines.

    Lipman et al., arXiv:2210.02747. It is `DiffusionModel` with the objective `"flow"`.
    """

    learns = "flow"
