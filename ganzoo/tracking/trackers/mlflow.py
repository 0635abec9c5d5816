from ganzoo.tracking.tracker import Tracker

LONGEST = 500  # Characters of a setting; older servers take no more.


class MLflow(Tracker):
    """MLflow, at `MLFLOW_TRACKING_URI`.

    Args:
        experiment: The experiment there.
    """

    module = extra = "mlflow"

    def __init__(self, experiment="ganzoo"):
        self.experiment = experiment

    def begin(self, name, folder, config):
        from mlflow.tracking import MlflowClient

        self._client = MlflowClient()
        found = self._client.get_experiment_by_name(self.experiment)
        place = (
            found.experiment_id if found else self._client.create_experiment(self.experiment)
        )
        self._run = self._client.create_run(place, run_name=name).info.run_id
        for key, value in config.items():
            self._client.log_param(self._run, key, str(value)[:LONGEST])

    def figures(self, images, figures):
        for key, value in figures.items():
            self._client.log_metric(self._run, key, value, step=images)

    def sheet(self, images, path):
        self._client.log_artifact(self._run, str(path), "samples")

    def end(self):
        self._client.set_terminated(self._run)

    def get_config(self):
        return {"experiment": self.experiment}
