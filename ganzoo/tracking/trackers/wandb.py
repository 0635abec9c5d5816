import hashlib

from ganzoo.tracking.tracker import Tracker


class WandB(Tracker):
    """Weights & Biases. `WANDB_MODE=offline` keeps all of it in the run's folder.

    Args:
        project: The project there.
    """

    module = extra = "wandb"

    def __init__(self, project="ganzoo"):
        self.project = project

    def begin(self, name, folder, config):
        import wandb

        self._image = wandb.Image
        self._run = wandb.init(
            project=self.project,
            name=name,
            # The same for a run that goes on.
            id=hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16],
            resume="allow",
            dir=str(folder),
            config=dict(config),
            settings=wandb.Settings(silent=True),
        )
        self._run.define_metric("*", step_metric="images")

    def figures(self, images, figures):
        self._run.log({"images": images, **figures})

    def sheet(self, images, path):
        self._run.log({"images": images, "samples": self._image(str(path))})

    def end(self):
        self._run.finish()

    def get_config(self):
        return {"project": self.project}
