namespace Conjoint.Imaging;

/// <summary>
/// How the axes of a file's grid become those closest to RAS+: a permutation and flips, exactly undone by
/// <see cref="Undo(Volume)"/> for any volume on the RAS+ grid.
/// </summary>
public sealed record RasTransform
{
    private readonly int[] _fileAxis;
    private readonly bool[] _flipped;
    private readonly int[] _fileSize;
    private readonly Affine _fileAffine;

    private RasTransform(int[] fileAxis, bool[] flipped, int[] fileSize, Affine fileAffine) =>
        (_fileAxis, _flipped, _fileSize, _fileAffine) = (fileAxis, flipped, fileSize, fileAffine);

    /// <summary>For each axis of the RAS+ grid the axis of the file's grid that it comes from, [3].</summary>
    public IReadOnlyList<int> FileAxis => _fileAxis;

    /// <summary>For each axis of the RAS+ grid whether it runs against the file's, [3].</summary>
    public IReadOnlyList<bool> Flipped => _flipped;

    /// <summary>Voxels along the axes of the file's grid, [3].</summary>
    public IReadOnlyList<int> FileSize => _fileSize;

    /// <summary>From voxel indices of the file's grid to mm in RAS+.</summary>
    public Affine FileAffine => _fileAffine;

    /// <summary>Whether the file's axes are already those closest to RAS+.</summary>
    public bool IsIdentity => _fileAxis is [0, 1, 2] && !_flipped.Contains(true);

    /// <summary>The transform for a volume with the axes of its file.</summary>
    /// <exception cref="InvalidOperationException">The affine can't be inverted.</exception>
    public static RasTransform For(Volume volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        return For([volume.SizeX, volume.SizeY, volume.SizeZ], volume.Affine);
    }

    /// <summary>The transform for a grid, when no voxels are at hand.</summary>
    /// <param name="fileSize">Voxels along the axes of the file's grid, [3].</param>
    /// <param name="fileAffine">From voxel indices of the file's grid to mm in RAS+.</param>
    /// <exception cref="InvalidOperationException">The affine can't be inverted.</exception>
    public static RasTransform For(IReadOnlyList<int> fileSize, Affine fileAffine)
    {
        ArgumentNullException.ThrowIfNull(fileSize);
        ArgumentNullException.ThrowIfNull(fileAffine);
        if (!fileAffine.IsInvertible)
            throw new InvalidOperationException("The affine can't be inverted, so the directions of the axes are unknown.");

        var (worldAxis, reversed) = fileAffine.ClosestAxes();
        var fileAxis = new int[3];
        var flipped = new bool[3];
        for (var axis = 0; axis < 3; axis++)
            (fileAxis[worldAxis[axis]], flipped[worldAxis[axis]]) = (axis, reversed[axis]);
        return new RasTransform(fileAxis, flipped, [.. fileSize], fileAffine);
    }

    /// <summary>Moves the voxels of a volume on the file's grid to the RAS+ grid.</summary>
    /// <returns>A new volume, or the same when nothing has to move.</returns>
    /// <exception cref="ArgumentException">The volume's size is not that of the file's grid.</exception>
    public Volume Apply(Volume volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        if (!_fileSize.SequenceEqual([volume.SizeX, volume.SizeY, volume.SizeZ]))
            throw new ArgumentException($"The volume is {volume.SizeX}×{volume.SizeY}×{volume.SizeZ}, the grid {string.Join('×', _fileSize)}.", nameof(volume));
        if (IsIdentity)
            return volume;

        var size = RasSize();
        return new Volume(ApplyVoxels<float>(volume.Voxels), size[0], size[1], size[2], volume.Affine.Compose(ToFile()));
    }

    /// <summary>Moves voxels on the file's grid (x fastest) to the RAS+ grid.</summary>
    /// <exception cref="ArgumentException">The number of voxels is not that of the grid.</exception>
    public T[] ApplyVoxels<T>(ReadOnlySpan<T> fileVoxels)
    {
        Check(fileVoxels.Length);
        var strides = FileStrides(out var origin);
        var moved = new T[fileVoxels.Length];
        VoxelMover.Gather(fileVoxels, origin, strides, moved, RasSize());
        return moved;
    }

    /// <summary>Moves the voxels of a volume on the RAS+ grid (a predicted mask, say) back to the file's grid and affine.</summary>
    /// <exception cref="ArgumentException">The volume's size is not that of the RAS+ grid.</exception>
    public Volume Undo(Volume rasVolume)
    {
        ArgumentNullException.ThrowIfNull(rasVolume);
        var size = RasSize();
        if (!size.SequenceEqual([rasVolume.SizeX, rasVolume.SizeY, rasVolume.SizeZ]))
            throw new ArgumentException($"The volume is {rasVolume.SizeX}×{rasVolume.SizeY}×{rasVolume.SizeZ}, the grid {string.Join('×', size)}.", nameof(rasVolume));
        return new Volume(UndoVoxels<float>(rasVolume.Voxels), _fileSize[0], _fileSize[1], _fileSize[2], _fileAffine);
    }

    /// <summary>Moves voxels on the RAS+ grid (x fastest) back to the file's grid.</summary>
    /// <exception cref="ArgumentException">The number of voxels is not that of the grid.</exception>
    public T[] UndoVoxels<T>(ReadOnlySpan<T> rasVoxels)
    {
        Check(rasVoxels.Length);
        var size = RasSize();
        int[] rasStride = [1, size[0], size[0] * size[1]];
        var strides = new int[3];
        var origin = 0;
        for (var axis = 0; axis < 3; axis++)
        {
            strides[_fileAxis[axis]] = _flipped[axis] ? -rasStride[axis] : rasStride[axis];
            origin += _flipped[axis] ? (size[axis] - 1) * rasStride[axis] : 0;
        }

        var moved = new T[rasVoxels.Length];
        VoxelMover.Gather(rasVoxels, origin, strides, moved, _fileSize);
        return moved;
    }

    /// <inheritdoc/>
    public bool Equals(RasTransform? other) =>
        other is not null && _fileAxis.SequenceEqual(other._fileAxis) && _flipped.SequenceEqual(other._flipped)
        && _fileSize.SequenceEqual(other._fileSize) && _fileAffine.Equals(other._fileAffine);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_fileAxis[0], _fileAxis[1], _flipped[0], _fileSize[0], _fileAffine);

    private int[] RasSize() => [_fileSize[_fileAxis[0]], _fileSize[_fileAxis[1]], _fileSize[_fileAxis[2]]];

    private int[] FileStrides(out int origin)
    {
        int[] fileStride = [1, _fileSize[0], _fileSize[0] * _fileSize[1]];
        var strides = new int[3];
        origin = 0;
        for (var axis = 0; axis < 3; axis++)
        {
            var stride = fileStride[_fileAxis[axis]];
            strides[axis] = _flipped[axis] ? -stride : stride;
            origin += _flipped[axis] ? (_fileSize[_fileAxis[axis]] - 1) * stride : 0;
        }

        return strides;
    }

    /// <summary>From indices of the RAS+ grid to indices of the file's grid.</summary>
    private Affine ToFile()
    {
        var rows = new double[3, 4];
        for (var axis = 0; axis < 3; axis++)
        {
            rows[_fileAxis[axis], axis] = _flipped[axis] ? -1 : 1;
            rows[_fileAxis[axis], 3] = _flipped[axis] ? _fileSize[_fileAxis[axis]] - 1 : 0;
        }

        return new Affine(rows);
    }

    private void Check(int count)
    {
        if (count != (long)_fileSize[0] * _fileSize[1] * _fileSize[2])
            throw new ArgumentException($"{count} voxels don't fill a grid of {string.Join('×', _fileSize)}.");
    }
}
