namespace Conjoint.Data.Augmentation;

/// <summary>Mirrors a volume along each marked axis (TorchIO's RandomFlip); exact.</summary>
/// <param name="AlongX">Whether rows are reversed.</param>
/// <param name="AlongY">Whether the order of the rows is reversed.</param>
/// <param name="AlongZ">Whether the order of the slices is reversed.</param>
public sealed record FlipTransform(bool AlongX, bool AlongY, bool AlongZ) : VolumeTransform
{
    /// <inheritdoc/>
    public override VolumeTransformKind Kind => VolumeTransformKind.Flip;

    internal static FlipTransform Draw(VolumeTransformSettings settings, RandomStream random)
    {
        Span<bool> flipped = stackalloc bool[3];
        foreach (var axis in settings.FlipAxes)
        {
            flipped[(int)axis] = random.Chance(settings.FlipProbability);
        }

        return new FlipTransform(flipped[0], flipped[1], flipped[2]);
    }

    private protected override void Transform<T>(ReadOnlySpan<T> volume, VolumeGrid grid, Span<T> destination)
    {
        for (var z = 0; z < grid.Z; z++)
        {
            for (var y = 0; y < grid.Y; y++)
            {
                var fromZ = AlongZ ? grid.Z - 1 - z : z;
                var fromY = AlongY ? grid.Y - 1 - y : y;
                var row = destination.Slice((z * grid.Y + y) * grid.X, grid.X);
                volume.Slice((fromZ * grid.Y + fromY) * grid.X, grid.X).CopyTo(row);
                if (AlongX)
                {
                    row.Reverse();
                }
            }
        }
    }
}
