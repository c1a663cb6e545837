"""The files of `Conjoint.Bench side-by-side FOLDER`, read by nibabel and Pillow as float32."""
import sys

from common import measure, versions
import nibabel
import numpy as np
import PIL
from PIL import Image

folder = sys.argv[1]
versions(nibabel, np, PIL)
measure("NIfTI .nii.gz", lambda: np.asarray(nibabel.load(f"{folder}/scan.nii.gz").dataobj, dtype=np.float32))
measure("NIfTI .nii", lambda: np.asarray(nibabel.load(f"{folder}/scan.nii").dataobj, dtype=np.float32))
measure("PNG 8 bit", lambda: np.asarray(Image.open(f"{folder}/x8.png"), dtype=np.float32))
measure("PNG 16 bit", lambda: np.asarray(Image.open(f"{folder}/x16.png"), dtype=np.float32))
measure("NPY float16 mapped", lambda: np.load(f"{folder}/store.npy", mmap_mode="r").astype(np.float32))
