import keras
from keras import ops

from ganzoo.losses.loss import Loss
from ganzoo.variant import check_between, check_not_negative


@keras.saving.register_keras_serializable("ganzoo")
class BoundaryEquilibrium(Loss):
    """Errors of real images and of fakes, kept at a ratio by a controlled weight: BEGAN.

    Berthelot et al., arXiv:1703.10717, section 3.4. D is an autoencoder, such as the
    architecture `autoencoder`; L(x) is its error, minus the score. After each step

        D: E[L(x)] - k E[L(G(z))]        G: E[L(G(z))]
        k <- k + rate (gamma E[L(x)] - E[L(G(z))]),  from 0 to 1
        convergence = E[L(x)] + |gamma E[L(x)] - E[L(G(z))]|

    with the real images of D's last update and the fakes of G's. k is saved with the run.
    Difference from the paper: k begins at 0.5 instead of 0. From 0 it stayed there with white
    figures on black, and G made an even gray, whose error is small whatever D learns.

    Args:
        gamma: Ratio of the errors, fakes to real images: low for sharp, high for various ones.
        rate: The paper's lambda_k.
        k: The first k.
    """

    autoencoder = True
    figures = ("k", "convergence")

    def __init__(self, gamma=0.5, rate=0.001, k=0.5):
        check_not_negative(gamma=gamma, rate=rate)
        check_between(0, 1, k=k)
        self.gamma = gamma
        self.rate = rate
        self.k = k
        self.memory = {"k": float(k)}

    def discriminator(self, real, fake, memory=None):
        k = (memory or self.memory)["k"]
        return k * ops.mean(fake) - ops.mean(real)

    def generator(self, fake, real=None):
        return -ops.mean(fake)

    def learn(self, real, fake, memory):
        of_real, of_fake = -ops.mean(real), -ops.mean(fake)
        balance = self.gamma * of_real - of_fake
        k = ops.clip(memory["k"] + self.rate * balance, 0.0, 1.0)
        return {"k": k, "convergence": of_real + ops.abs(balance)}

    def get_config(self):
        return {"gamma": self.gamma, "rate": self.rate, "k": self.k}
