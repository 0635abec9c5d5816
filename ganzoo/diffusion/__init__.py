"""Diffusion: what a denoiser learns (`objectives`), and how images are made with it (`samplers`)."""
