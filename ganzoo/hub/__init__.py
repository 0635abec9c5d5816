"""Trained generators on the Hugging Face Hub, or on a server that speaks as it does.

A repository holds files of data alone: settings, weights as safetensors, a picture and a card.
Nothing that comes from a server is run.
"""
