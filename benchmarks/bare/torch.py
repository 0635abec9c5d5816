"""WGAN-GP by hand in PyTorch: one eager step after another."""

import torch


def make(generator, discriminator, average, images, latent_size):
    """A function of `indices` [steps, n] that trains; see `overhead.py`."""
    device = generator.weights[0].value.device
    images = torch.from_numpy(images).to(device)
    factor = images.shape[1] // discriminator.input_shape[1]
    weights = [[v.value for v in n.trainable_variables] for n in (generator, discriminator)]
    optimizers = [torch.optim.Adam(w, lr=1e-3, betas=(0.0, 0.99)) for w in weights]
    averages = [v.value for v in average.weights]
    values = [v.value for v in generator.weights]

    def latents(n):
        return torch.randn(n, latent_size, device=device)

    def step(rows):
        n = len(rows)
        real = images[rows].float() / 127.5 - 1.0
        if factor > 1:
            side = discriminator.input_shape[1]
            real = real.reshape(n, side, factor, side, factor, -1).mean(dim=(2, 4))
        with torch.no_grad():
            fake = generator(latents(n), training=True)
        on_fake = discriminator(fake, training=True).mean()
        on_real = discriminator(real, training=True).mean()
        between = fake + torch.rand(n, 1, 1, 1, device=device) * (real - fake)
        between.requires_grad_()
        score = discriminator(between, training=True).sum()
        gradient = torch.autograd.grad(score, between, create_graph=True)[0]
        norm = torch.sqrt(gradient.square().sum(dim=(1, 2, 3)) + 1e-12)
        loss = on_fake - on_real + 10.0 * (norm - 1.0).square().mean()
        optimizers[1].zero_grad()
        loss.backward(inputs=weights[1])
        optimizers[1].step()
        loss = -discriminator(generator(latents(n), training=True), training=True).mean()
        optimizers[0].zero_grad()
        loss.backward(inputs=weights[0])
        optimizers[0].step()
        with torch.no_grad():
            torch._foreach_lerp_(averages, values, 0.001)

    def run(indices):
        for rows in torch.from_numpy(indices).to(device):
            step(rows)
        if device.type == "cuda":
            torch.cuda.synchronize()

    return run
