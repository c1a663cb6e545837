"""One epoch of volume views and of multi-crops from the arrays of a store, as a PyTorch data set without worker processes makes them."""
import json
import random
import sys

from common import measure, versions
import numpy as np
import torch
import views

store = sys.argv[1]
manifest = json.load(open(f"{store}/manifest.json", encoding="utf-8"))
cases = manifest["cases"]
versions(np, torch)
TRANSFORMS = [views.flip, views.affine, views.anisotropy, views.noise, views.blur, views.bias_field, views.gamma]


def volumes():
    """Eight volumes in two views of two different transforms, normalised."""
    for case in cases[:8]:
        image = np.load(f"{store}/{case['imageFile']}", mmap_mode="r")
        voxels = torch.from_numpy(image.astype(np.float32))  # [64, 192, 192]
        views.volume = torch.nn.functional.interpolate(voxels[:, None], size=(128, 128), mode="bilinear", antialias=True, align_corners=False)[:, 0]
        for transform in random.sample(TRANSFORMS, 2):
            (transform() - 0.5) / 0.25


def slices():
    """64 slices in two crops of 224 and six of 96, with torchvision."""
    picture_slices(views.crop)


def pillow_slices():
    """The same with Pillow, the part of the slice kept in 8 bits."""
    picture_slices(views.pillow_crop)


def picture_slices(crop):
    for n in range(64):
        case = cases[n % len(cases)]
        image = np.load(f"{store}/{case['imageFile']}", mmap_mode="r")
        views.image = torch.from_numpy(image[n % image.shape[0]].astype(np.float32))[None]
        if crop is views.pillow_crop:
            views.picture = views.Image.fromarray((255 * views.image[0].numpy()).astype(np.uint8))
        for size, scale, count in ((224, (0.14, 1.0), 2), (96, (0.05, 0.14), 6)):
            for _ in range(count):
                (crop(size, scale) - 0.5) / 0.25


measure("8 volumes in two views", volumes)
measure("64 slices, torchvision", slices)
measure("64 slices, Pillow", pillow_slices)
