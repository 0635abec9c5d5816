"""Diffusion: `objectives` that a denoiser learns, and `samplers` that make images with it."""
