import keras
from keras import layers, ops

from ganzoo.losses.penalties.penalty import Penalty
from ganzoo.variant import check_not_negative, check_whole


@keras.saving.register_keras_serializable("ganzoo")
class Orthogonal(Penalty):
    """The features of each of G's layers are made by kernels that are at right angles.

    Brock et al., arXiv:1809.11096, equation 3, over the kernels of dense layers and
    convolutions, with a row of W for each feature of the layer's output:

        G: weight sum |W W^T (1 - I)|^2

    The lengths of the rows are free. The authors' PyTorch code writes the gradient by hand,
    with half of its true size, so that its 1e-4 is `weight=5e-5` here.

    Args:
        weight: The paper's beta.
        every: Steps from one use to the next; see `Penalty`.
    """

    players = ("generator",)

    def __init__(self, weight=1e-4, every=1):
        check_not_negative(weight=weight)
        check_whole(every=every)
        self.weight = weight
        self.every = every

    def generator(self, turn):
        total = ops.zeros((), "float32")
        for layer in turn.network._flatten_layers():
            if isinstance(layer, layers.Dense | layers.Conv2D | layers.Conv2DTranspose):
                rows = _rows(layer)
                products = ops.matmul(rows, ops.transpose(rows))
                own = ops.sum(ops.square(rows), axis=1)
                total = total + ops.sum(ops.square(products)) - ops.sum(ops.square(own))
        return self.weight * total

    def get_config(self):
        return {"weight": self.weight, "every": self.every}


def _rows(layer):
    """The kernel as [output features, all else]."""
    kernel = ops.convert_to_tensor(layer.kernel)
    last = len(kernel.shape) - 1
    # Keras has the inputs last in a transposed convolution, and the outputs elsewhere.
    axis = last - 1 if isinstance(layer, layers.Conv2DTranspose) else last
    return ops.reshape(ops.moveaxis(kernel, axis, 0), (kernel.shape[axis], -1))
