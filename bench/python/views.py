"""SwAV's multi-crop of a 512 x 512 slice with torchvision, and the seven 3D transforms in torch, numpy and scipy as TorchIO does them."""
from common import measure, versions
import numpy as np
import PIL
from PIL import Image, ImageEnhance, ImageFilter
import scipy
import scipy.ndimage
import torch
import torch.nn.functional as F
import torchvision
from torchvision.transforms import functional as T

torch.set_num_threads(1)
rng = np.random.default_rng(1)

# Multi-crop: part, anti-aliased resize, flip, brightness and contrast, blur; on tensors [1, 512, 512] and on 8-bit pictures.
image = torch.rand(1, 512, 512)


def crop(size, scale):
    top, left, height, width = torchvision.transforms.RandomResizedCrop.get_params(image, scale, (3 / 4, 4 / 3))
    view = T.resized_crop(image, top, left, height, width, [size, size], antialias=True)
    if rng.random() < 0.5:
        view = T.hflip(view)
    if rng.random() < 0.8:
        view = T.adjust_brightness(view, rng.uniform(0.2, 1.8))
        view = T.adjust_contrast(view, rng.uniform(0.2, 1.8))
    if rng.random() < 0.5:
        kernel = int(0.1 * size) // 2 * 2 + 1  # SwAV's kernel: a tenth of the crop
        view = T.gaussian_blur(view, [kernel, kernel], rng.uniform(0.1, 2.0))
    return view


picture = Image.fromarray((255 * image[0].numpy()).astype(np.uint8))


def pillow_crop(size, scale):
    """As SwAV's own code does it, with Pillow; its blur is three box filters."""
    top, left, height, width = torchvision.transforms.RandomResizedCrop.get_params(image, scale, (3 / 4, 4 / 3))
    view = picture.resize((size, size), Image.Resampling.BILINEAR, box=(left, top, left + width, top + height))
    if rng.random() < 0.5:
        view = view.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if rng.random() < 0.8:
        view = ImageEnhance.Brightness(view).enhance(rng.uniform(0.2, 1.8))
        view = ImageEnhance.Contrast(view).enhance(rng.uniform(0.2, 1.8))
    if rng.random() < 0.5:
        view = view.filter(ImageFilter.GaussianBlur(rng.uniform(0.1, 2.0)))
    return T.to_tensor(view)


def crops(make, size, scale, count=32):
    for _ in range(count):
        make(size, scale)


# 3D transforms of a volume of 64 x 128 x 128, as TorchIO 0.18 does each with its default ranges.
SHAPE = (64, 128, 128)
volume = torch.rand(*SHAPE)


def flip():
    return torch.flip(volume, (0,)).clone()


def affine():
    """SimpleITK's resampler in TorchIO; grid_sample is torch's way."""
    angles, scales = np.radians(rng.uniform(-10, 10, 3)), rng.uniform(0.9, 1.1, 3)
    cos, sin = np.cos(angles), np.sin(angles)
    rx = np.array([[1, 0, 0], [0, cos[0], -sin[0]], [0, sin[0], cos[0]]])
    ry = np.array([[cos[1], 0, sin[1]], [0, 1, 0], [-sin[1], 0, cos[1]]])
    rz = np.array([[cos[2], -sin[2], 0], [sin[2], cos[2], 0], [0, 0, 1]])
    matrix = np.concatenate([(rz @ rx @ ry) / scales, np.zeros((3, 1))], axis=1)
    grid = F.affine_grid(torch.tensor(matrix[None], dtype=torch.float32), (1, 1, *SHAPE), align_corners=False)
    return F.grid_sample(volume[None, None], grid, mode="bilinear", padding_mode="border", align_corners=False)


def anisotropy():
    """Nearest neighbours along one axis, then linear interpolation back."""
    axis, factor = rng.integers(3), rng.uniform(1.5, 5)
    small = list(SHAPE)
    small[axis] = int(np.ceil(small[axis] / factor))
    return F.interpolate(F.interpolate(volume[None, None], size=small, mode="nearest-exact"), size=SHAPE, mode="trilinear", align_corners=False)


def noise():
    return volume + torch.randn(*SHAPE) * rng.uniform(0, 0.25)


def blur():
    """TorchIO blurs with scipy."""
    return torch.from_numpy(scipy.ndimage.gaussian_filter(volume.numpy(), rng.uniform(0, 2, 3)))


def bias_field():
    """TorchIO's loop over the monomials, in float32."""
    axes = [np.linspace(-1, 1, n, dtype=np.float32) for n in SHAPE]
    z, y, x = np.meshgrid(*axes, indexing="ij")
    field = np.zeros(SHAPE, dtype=np.float32)
    for i in range(4):
        for j in range(4 - i):
            for k in range(4 - i - j):
                field += np.float32(rng.uniform(-0.5, 0.5)) * x**i * y**j * z**k
    return volume * torch.from_numpy(np.exp(field))


def gamma():
    return volume ** float(np.exp(rng.uniform(-0.3, 0.3)))


if __name__ == "__main__":
    versions(np, scipy, torch, torchvision, PIL)
    for size, scale in ((224, (0.14, 1.0)), (96, (0.05, 0.14))):
        measure(f"32 crops of {size}, torchvision", lambda: crops(crop, size, scale), runs=15)
        measure(f"32 crops of {size}, Pillow", lambda: crops(pillow_crop, size, scale), runs=15)
    for transform in (flip, affine, anisotropy, noise, blur, bias_field, gamma):
        measure(transform.__name__, transform, runs=15)
