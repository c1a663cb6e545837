using System.Buffers.Binary;
using static TorchSharp.torch;

namespace Conjoint.Runtime;

/// <summary>
/// Processes of one machine that train one model together, joined by a Unix domain socket: the first one adds up what the others
/// send, in the order of their ranks, and sends the sum back, so that all of them get the same bits.
/// </summary>
/// <remarks>
/// Not thread-safe. A process that ends or falls silent makes every other one fail within the time limit instead of waiting
/// for ever; the group is of no use after that. Nothing from the socket is executed: it carries numbers only.
/// </remarks>
public sealed class LocalProcessGroup : IProcessGroup, IDisposable
{
    // The address of a Unix domain socket holds no more than this, its end mark included.
    private const int LongestPath = 104;

    // Call number, element type, elements: what has to be equal on all processes before sums mean anything.
    private const int HeaderBytes = 24;

    private static readonly TimeSpan s_defaultTimeout = TimeSpan.FromMinutes(10);

    private readonly GroupConnections _connections;
    private readonly byte[] _header = new byte[HeaderBytes];
    private readonly byte[] _theirs = new byte[HeaderBytes];
    private long _calls;

    private LocalProcessGroup(int rank, int worldSize, GroupConnections connections) => (Rank, WorldSize, _connections) = (rank, worldSize, connections);

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int WorldSize { get; }

    /// <summary>Joins a group, and waits until all its processes have.</summary>
    /// <param name="socketPath">
    /// A path that no file has yet, the same for all processes, in a folder that only their user may write to; the file is gone once all have joined.
    /// </param>
    /// <param name="rank">This process, 0 to <paramref name="worldSize"/> − 1.</param>
    /// <param name="worldSize">How many there are.</param>
    /// <param name="timeout">How long to wait for the others, here and in each call; null for ten minutes.</param>
    /// <exception cref="ArgumentException">The path is too long for a socket, or a number is out of range.</exception>
    /// <exception cref="ProcessGroupException">Not all processes came, or two of the same rank.</exception>
    public static LocalProcessGroup Join(string socketPath, int rank, int worldSize, TimeSpan? timeout = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(socketPath);
        ArgumentOutOfRangeException.ThrowIfLessThan(worldSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rank, worldSize);
        var limit = timeout ?? s_defaultTimeout;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(timeout));
        if (System.Text.Encoding.UTF8.GetByteCount(socketPath) >= LongestPath)
            throw new ArgumentException($"{socketPath}: too long for a socket; expected fewer than {LongestPath} bytes.", nameof(socketPath));
        var connections = rank == 0 ? GroupConnections.Accept(socketPath, worldSize, limit) : GroupConnections.Connect(socketPath, rank, worldSize, limit);
        return new LocalProcessGroup(rank, worldSize, connections);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The tensor is not of float32 or float64, not contiguous, or has a gradient.</exception>
    /// <exception cref="ProcessGroupException">Another process ended, is silent, or sums something else.</exception>
    public void AllReduceSum(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.dtype is not (ScalarType.Float32 or ScalarType.Float64) || !tensor.is_contiguous() || tensor.requires_grad)
            throw new ArgumentException($"LocalProcessGroup: {tensor.dtype} [{string.Join(", ", tensor.shape)}] must be float32 or float64, contiguous and without gradient.", nameof(tensor));
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var sum = tensor.cpu().contiguous().clone();
        WriteHeader(sum);
        if (Rank == 0)
            SumUp(sum);
        else
            Hand(sum);
        tensor.copy_(sum);
        _calls++;
    }

    /// <summary>Leaves the group; the others' next call fails.</summary>
    public void Dispose() => _connections.Dispose();

    /// <summary>The first process: adds the others' values in the order of their ranks, and sends the sum to all.</summary>
    private void SumUp(Tensor sum)
    {
        using var part = empty_like(sum);
        for (var rank = 1; rank < WorldSize; rank++)
        {
            _connections.Receive(rank, _theirs);
            if (!_theirs.AsSpan().SequenceEqual(_header))
            {
                // The others wait for a sum that will not come: they are to fail now, not after their time limit.
                _connections.Dispose();
                throw new ProcessGroupException($"process {rank} of {WorldSize} sums up {Describe(_theirs)} where this one sums up {Describe(_header)}; all processes have to make the same calls in the same order.");
            }

            _connections.Receive(rank, part.bytes);
            sum.add_(part);
        }

        for (var rank = 1; rank < WorldSize; rank++)
            _connections.Send(rank, sum.bytes);
    }

    private void Hand(Tensor values)
    {
        _connections.Send(0, _header);
        _connections.Send(0, values.bytes);
        _connections.Receive(0, values.bytes);
    }

    private void WriteHeader(Tensor tensor)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_header, _calls);
        BinaryPrimitives.WriteInt64LittleEndian(_header.AsSpan(8), (long)tensor.dtype);
        BinaryPrimitives.WriteInt64LittleEndian(_header.AsSpan(16), tensor.numel());
    }

    private static string Describe(ReadOnlySpan<byte> header) =>
        $"{BinaryPrimitives.ReadInt64LittleEndian(header[16..])} values of {(ScalarType)BinaryPrimitives.ReadInt64LittleEndian(header[8..])} in call {BinaryPrimitives.ReadInt64LittleEndian(header)}";
}
