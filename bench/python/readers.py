"""The files of `Conjoint.Bench side-by-side FOLDER`, read by nibabel, Pillow and pydicom as float32.

`readers.py FOLDER --dicom` only writes FOLDER/dicom, a series for both programs."""
import glob
import os
import sys

from common import measure, versions
import nibabel
import numpy as np
import PIL
from PIL import Image

folder = sys.argv[1]


def write_series():
    import pydicom
    os.makedirs(f"{folder}/dicom", exist_ok=True)
    rng = np.random.default_rng(1)
    rows, columns = np.mgrid[:512, :512]
    for n in range(60):
        meta = pydicom.dataset.FileMetaDataset()
        meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
        meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", f"1.2.3.{n}"
        data = pydicom.dataset.FileDataset("", {}, file_meta=meta, preamble=bytes(128))
        data.SOPClassUID, data.SOPInstanceUID, data.SeriesInstanceUID, data.Modality = meta.MediaStorageSOPClassUID, f"1.2.3.{n}", "1.2.3", "CT"
        data.Rows = data.Columns = 512
        data.SamplesPerPixel, data.PhotometricInterpretation, data.PixelRepresentation = 1, "MONOCHROME2", 1
        data.BitsAllocated, data.BitsStored, data.HighBit = 16, 16, 15
        data.PixelSpacing, data.ImageOrientationPatient, data.ImagePositionPatient = [0.7, 0.7], [1, 0, 0, 0, 1, 0], [0, 0, 1.5 * n]
        data.RescaleSlope, data.RescaleIntercept = 1, -1024
        data.PixelData = (1000 * np.sin(columns / 40 + n / 9) * np.cos(rows / 50) + rng.integers(0, 60, (512, 512)) + 500).astype("<i2").tobytes()
        data.is_little_endian, data.is_implicit_VR = True, False
        data.save_as(f"{folder}/dicom/{(n * 37) % 60:02d}.dcm", write_like_original=False)


def read_series():
    import pydicom
    slices = sorted((pydicom.dcmread(f) for f in glob.glob(f"{folder}/dicom/*.dcm")), key=lambda s: float(s.ImagePositionPatient[2]))
    return np.stack([s.pixel_array.astype(np.float32) * np.float32(s.RescaleSlope) + np.float32(s.RescaleIntercept) for s in slices])


if "--dicom" in sys.argv:
    write_series()
    sys.exit()
versions(nibabel, np, PIL)
measure("NIfTI .nii.gz", lambda: np.asarray(nibabel.load(f"{folder}/scan.nii.gz").dataobj, dtype=np.float32))
measure("NIfTI .nii", lambda: np.asarray(nibabel.load(f"{folder}/scan.nii").dataobj, dtype=np.float32))
measure("PNG 8 bit", lambda: np.asarray(Image.open(f"{folder}/x8.png"), dtype=np.float32))
measure("PNG 16 bit", lambda: np.asarray(Image.open(f"{folder}/x16.png"), dtype=np.float32))
measure("NPY float16 mapped", lambda: np.load(f"{folder}/store.npy", mmap_mode="r").astype(np.float32))
if os.path.isdir(f"{folder}/dicom"):
    measure("DICOM series", read_series)
