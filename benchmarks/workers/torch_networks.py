"""The default networks as one writes them in PyTorch: modules, channels first."""

import math

import torch
from torch import nn

BASE, SMALLEST, WIDTH, LATENT = 28, 7, 16, 192
SCORE, SIMILARITIES, SIZE = 128, 16, 8


def features(side: int) -> int:
    """Channels of a layer with `side` x `side` pixels."""
    return max(8, WIDTH * BASE // side)


class Choice(nn.Module):
    """The largest of the first `count` coordinates becomes sqrt(count), the others 0."""

    def __init__(self, count):
        super().__init__()
        self.count = count

    def forward(self, latents):
        largest = latents[:, : self.count].argmax(dim=1)
        chosen = nn.functional.one_hot(largest, self.count) * math.sqrt(self.count)
        return torch.cat([chosen, latents[:, self.count :]], dim=1)


class PixelNorm(nn.Module):
    """A mean square of 1 over the channels."""

    def forward(self, x):
        return x * torch.rsqrt(x.square().mean(dim=1, keepdim=True) + 1e-8)


class Equalized(nn.Linear):
    """A dense layer with He's scale in its inputs."""

    def __init__(self, inputs, outputs, bias=True):
        super().__init__(inputs, outputs, bias)
        self.scale = math.sqrt(2 / inputs) / 0.1
        nn.init.normal_(self.weight, std=0.1)
        if bias:
            nn.init.zeros_(self.bias)

    def forward(self, x):
        return super().forward(x * self.scale)


class Generator(nn.Module):
    """Latents [N, 192] to images [N, 1, side, side] in [-1, 1]."""

    def __init__(self, side):
        super().__init__()
        mapping = [Choice(LATENT // 2), PixelNorm()]
        for _ in range(2):
            mapping += [nn.Linear(LATENT, LATENT), nn.LeakyReLU(0.2)]
        self.mapping = nn.Sequential(*mapping)
        channels = features(SMALLEST)
        self.first = nn.Linear(LATENT, channels * SMALLEST**2)
        layers = [nn.Unflatten(1, (channels, SMALLEST, SMALLEST))]
        layers += [PixelNorm(), nn.LeakyReLU(0.2)]
        size = SMALLEST
        while 2 * size < side:
            size *= 2
            layers += [nn.ConvTranspose2d(features(size // 2), features(size), 4, 2, 1)]
            layers += [PixelNorm(), nn.LeakyReLU(0.2)]
        layers += [nn.ConvTranspose2d(features(size), 1, 4, 2, 1), nn.Tanh()]
        self.layers = nn.Sequential(*layers)
        self.apply(start)

    def forward(self, latents):
        return self.layers(self.first(self.mapping(latents)))


class Discriminator(nn.Module):
    """Images [N, 1, side, side] to logits [N, 1]."""

    def __init__(self, side):
        super().__init__()
        layers, channels = [], 1
        while side > SMALLEST:
            side //= 2
            layers += [nn.Conv2d(channels, features(side), 4, 2, 1), nn.LeakyReLU(0.2)]
            channels = features(side)
        self.layers = nn.Sequential(*layers)
        self.hidden = Equalized((features(SMALLEST) + 1) * SMALLEST**2, SCORE)
        self.similarity = Equalized(SCORE, SIMILARITIES * SIZE, bias=False)
        self.score = Equalized(SCORE + SIMILARITIES, 1)
        self.layers.apply(start)

    def forward(self, images):
        x = self.layers(images)
        spread = torch.sqrt(x.var(dim=0, correction=0) + 1e-8).mean()
        x = torch.cat([x, spread.expand(len(x), 1, *x.shape[2:])], dim=1).flatten(1)
        x = nn.functional.leaky_relu(self.hidden(x), 0.2)
        y = self.similarity(x).unflatten(1, (SIMILARITIES, SIZE))
        distance = (y[:, None] - y[None]).abs().sum(dim=-1)
        similar = torch.exp(-distance).sum(dim=1) - 1.0
        return self.score(torch.cat([x, similar], dim=1))


def start(module):
    """He's initial weights; of a transposed convolution each pixel sees a quarter."""
    if isinstance(module, nn.Linear | nn.Conv2d):
        nn.init.kaiming_normal_(module.weight)
        nn.init.zeros_(module.bias)
    if isinstance(module, nn.ConvTranspose2d):
        nn.init.normal_(module.weight, std=0.5 / math.sqrt(module.in_channels))
        nn.init.zeros_(module.bias)
