"""Whether this machine is fit for ganzoo: versions, devices, arithmetic, cache, memory."""
