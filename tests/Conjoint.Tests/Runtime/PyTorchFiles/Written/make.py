"""Writes the two checkpoints beside this file with PyTorch itself: the zip format, and the one before PyTorch 1.6.

Run with PyTorch 1.13.1, NumPy 1.24.2 and Python 3.11 (Debian 12's packages). The tests state the values.
"""

import argparse
import collections

import numpy as np
import torch

t = torch.arange(24).reshape(2, 3, 4)
shared = torch.arange(10.0)
model = collections.OrderedDict(
    float32=t.float().transpose(0, 2),
    int64=t[1:, 1],
    scalar=torch.tensor(True),
    bfloat16=t.to(torch.bfloat16),
    float16=t.half(),
    float64=t.double()[:, ::2],
    int32=t.to(torch.int32),
    int16=t.to(torch.int16),
    int8=t.to(torch.int8),
    uint8=t.to(torch.uint8),
    bool=t > 5,
    empty=torch.empty(0, 3),
    parameter=torch.nn.Parameter(t.float()),
    left=shared[:4],
    right=shared[4:],
)
model._metadata = {"": {"version": 1}}
layer = torch.nn.Linear(2, 2)
optimizer = torch.optim.SGD(layer.parameters(), lr=0.1, momentum=0.9)
layer(torch.ones(1, 2)).sum().backward()
optimizer.step()
checkpoint = {
    "epoch": np.int64(3),
    "score": np.float64(0.5),
    "arguments": argparse.Namespace(rate=0.1, device=torch.device("cpu"), type=torch.float16),
    "numpy": np.random.RandomState(0).get_state()[0:1] + (np.arange(3),),
    "random": torch.get_rng_state()[:8].clone(),
    "bytes": b"\x00\xff",
    "set": {1, 2},
    "large": 1 << 80,
    "optimizer": optimizer.state_dict(),
    "state_dict": model,
}
torch.save(checkpoint, "zip.pth")
torch.save(checkpoint, "legacy.pth", _use_new_zipfile_serialization=False)
