"""WGAN-GP in a plain PyTorch loop, with networks of its own.

The images are a tensor that is gathered by index, which costs less than a `DataLoader`.
"""

import copy

import torch
from remote import STEPS, options, serve
from workers.torch_networks import LATENT, Discriminator, Generator

from ganzoo.data.load import load


class Training:
    """The state of a training, and its step."""

    def __init__(self, px, batch):
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        images = torch.from_numpy(load("unown", px).images).permute(0, 3, 1, 2)
        self.images = images.contiguous().to(self.device)
        self.batch = batch
        self.generator = Generator(px).to(self.device)
        self.discriminator = Discriminator(px).to(self.device)
        self.average = copy.deepcopy(self.generator).requires_grad_(False)
        networks = (self.generator, self.discriminator)
        self.g_optimizer, self.d_optimizer = (
            torch.optim.Adam(network.parameters(), lr=1e-3, betas=(0.0, 0.99))
            for network in networks
        )

    def batches(self):
        """Rows of images, a new order each epoch, without end."""
        while True:
            order = torch.randperm(len(self.images), device=self.device).split(self.batch)
            yield from (rows for rows in order if len(rows) == self.batch)

    def gradient_penalty(self, real, fake):
        mix = torch.rand(len(real), 1, 1, 1, device=self.device)
        between = (fake + mix * (real - fake)).requires_grad_()
        score = self.discriminator(between).sum()
        gradient = torch.autograd.grad(score, between, create_graph=True)[0]
        norm = torch.sqrt(gradient.square().sum(dim=(1, 2, 3)) + 1e-12)
        return (norm - 1.0).square().mean()

    def latents(self):
        return torch.randn(self.batch, LATENT, device=self.device)

    def step(self, rows):
        real = self.images[rows].float() / 127.5 - 1.0
        with torch.no_grad():
            fake = self.generator(self.latents())
        wasserstein = self.discriminator(fake).mean() - self.discriminator(real).mean()
        d_loss = wasserstein + 10.0 * self.gradient_penalty(real, fake)
        self.d_optimizer.zero_grad()
        d_loss.backward()
        self.d_optimizer.step()

        self.discriminator.requires_grad_(False)
        g_loss = -self.discriminator(self.generator(self.latents())).mean()
        self.g_optimizer.zero_grad()
        g_loss.backward()
        self.g_optimizer.step()
        self.discriminator.requires_grad_(True)

        with torch.no_grad():
            pairs = zip(self.average.parameters(), self.generator.parameters(), strict=True)
            for mean, value in pairs:
                mean.lerp_(value, 0.001)
        return d_loss, g_loss


def main() -> None:
    """Train a piece at each request."""
    given = options(__doc__).parse_args()
    training = Training(given.px, given.batch)
    batches = training.batches()

    def call():
        for _ in range(STEPS):
            d_loss, g_loss = training.step(next(batches))
        return {"d_loss": d_loss.item(), "g_loss": g_loss.item()}  # Waits for the device.

    networks = {"generator": training.generator, "discriminator": training.discriminator}
    counts = {
        name: sum(p.numel() for p in network.parameters()) for name, network in networks.items()
    }
    serve(call, **counts)


if __name__ == "__main__":
    main()
