using System.Diagnostics;
using System.Net.Sockets;

namespace Conjoint.Runtime;

/// <summary>The sockets of a <see cref="LocalProcessGroup"/>: the first process has one to each other, the others one to the first.</summary>
internal sealed class GroupConnections : IDisposable
{
    // How often a process looks whether the first one listens yet.
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(20);

    private readonly Socket?[] _peers;
    private readonly TimeSpan _timeout;

    private GroupConnections(int worldSize, TimeSpan timeout) => (_peers, _timeout) = (new Socket?[worldSize], timeout);

    /// <summary>The first process: waits for all others, each of which says its rank.</summary>
    public static GroupConnections Accept(string path, int worldSize, TimeSpan timeout)
    {
        var connections = new GroupConnections(worldSize, timeout);
        if (worldSize == 1)
            return connections;
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException error)
        {
            throw new ProcessGroupException($"{path}: can't be made a socket ({error.Message}); expected a path that no file has yet.", error);
        }

        try
        {
            listener.Listen(worldSize);
            var clock = Stopwatch.StartNew();
            for (var missing = worldSize - 1; missing > 0; missing--)
                connections.AcceptOne(listener, timeout - clock.Elapsed, missing);
            return connections;
        }
        catch (Exception error)
        {
            connections.Dispose();
            if (error is SocketException)
                throw new ProcessGroupException($"{path}: a process ended or fell silent while it joined.", error);
            throw;
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Another process: connects as soon as the first one listens.</summary>
    public static GroupConnections Connect(string path, int rank, int worldSize, TimeSpan timeout)
    {
        var connections = new GroupConnections(worldSize, timeout);
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(path));
                connections.Keep(0, socket);
                connections.Send(0, BitConverter.GetBytes(rank));
                return connections;
            }
            catch (SocketException error)
            {
                socket.Dispose();
                if (clock.Elapsed > timeout)
                    throw new ProcessGroupException($"{path}: process 0 of {worldSize} did not come within {timeout.TotalSeconds:0.#} s.", error);
                Thread.Sleep(s_retry);
            }
        }
    }

    /// <summary>Sends all bytes to a process.</summary>
    public void Send(int rank, ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0)
                bytes = bytes[Peer(rank).Send(bytes, SocketFlags.None)..];
        }
        catch (SocketException error)
        {
            throw Failed(rank, error);
        }
    }

    /// <summary>Fills all bytes with what a process sends.</summary>
    public void Receive(int rank, Span<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0)
            {
                var received = Peer(rank).Receive(bytes, SocketFlags.None);
                if (received == 0)
                    throw Failed(rank, null);
                bytes = bytes[received..];
            }
        }
        catch (SocketException error)
        {
            throw Failed(rank, error);
        }
    }

    public void Dispose()
    {
        for (var rank = 0; rank < _peers.Length; rank++)
        {
            _peers[rank]?.Dispose();
            _peers[rank] = null;
        }
    }

    private Socket Peer(int rank) => _peers[rank] ?? throw new ProcessGroupException($"process {rank} of {_peers.Length} is not connected.");

    private void AcceptOne(Socket listener, TimeSpan left, int missing)
    {
        if (left <= TimeSpan.Zero || !listener.Poll(left, SelectMode.SelectRead))
            throw new ProcessGroupException($"{missing} of {_peers.Length} processes did not come within {_timeout.TotalSeconds:0.#} s.");
        var socket = listener.Accept();
        socket.ReceiveTimeout = Milliseconds();
        Span<byte> said = stackalloc byte[sizeof(int)];
        var read = 0;
        while (read < said.Length && socket.Receive(said[read..], SocketFlags.None) is > 0 and var count)
            read += count;
        var rank = BitConverter.ToInt32(said);
        if (read < said.Length || rank < 1 || rank >= _peers.Length || _peers[rank] is not null)
        {
            socket.Dispose();
            throw new ProcessGroupException($"a process joined as number {rank} of {_peers.Length}; expected each from 1 to {_peers.Length - 1} once.");
        }

        Keep(rank, socket);
    }

    private void Keep(int rank, Socket socket)
    {
        (socket.ReceiveTimeout, socket.SendTimeout) = (Milliseconds(), Milliseconds());
        _peers[rank] = socket;
    }

    private int Milliseconds() => (int)Math.Clamp(_timeout.TotalMilliseconds, 1, int.MaxValue);

    /// <summary>What to say of a process that cannot be reached; the others are told by the end of their connections.</summary>
    private ProcessGroupException Failed(int rank, SocketException? error)
    {
        Dispose();
        return error?.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock
            ? new ProcessGroupException($"process {rank} of {_peers.Length} gave no answer for {_timeout.TotalSeconds:0.#} s.", error)
            : new ProcessGroupException($"process {rank} of {_peers.Length} has ended.", error);
    }
}
