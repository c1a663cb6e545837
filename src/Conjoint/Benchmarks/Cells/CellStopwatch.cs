using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Conjoint.Benchmarks.Cells;

/// <summary>
/// How long a cell has been worked on, by all processes that were at it one after the other: written to the cell's lock file every few seconds, so
/// that a killed one loses no more than those.
/// </summary>
internal sealed class CellStopwatch : IDisposable
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private readonly string _digest;
    private readonly double _before;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Timer _timer;
    private bool _closed;

    /// <summary>Goes on from what the file tells of a cell of the same digest.</summary>
    /// <param name="lockFile">The cell's lock file, held by this process and left open.</param>
    /// <param name="digest">The cell's digest: time spent with other settings is not of this cell.</param>
    public CellStopwatch(FileStream lockFile, string digest)
    {
        (_file, _digest, _before) = (lockFile, digest, Before(lockFile, digest));
        _timer = new Timer(_ => Write(), null, s_every, s_every);
    }

    /// <summary>Seconds so far.</summary>
    public double Seconds => _before + _watch.Elapsed.TotalSeconds;

    /// <summary>Forgets the time: the cell is finished.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            _closed = true;
            _file.SetLength(0);
        }
    }

    /// <summary>Writes the time a last time, and lets go of the file.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Write();
        lock (_gate)
            _closed = true;
    }

    private static double Before(FileStream file, string digest)
    {
        var bytes = new byte[Math.Min(file.Length, 256)];
        file.Position = 0;
        file.ReadExactly(bytes);
        var parts = Encoding.ASCII.GetString(bytes).Split(' ');
        return parts.Length == 2 && parts[0] == digest && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e9
            ? seconds : 0;
    }

    private void Write()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            try
            {
                _file.Position = 0;
                _file.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_digest} {Seconds:0.0}")));
                _file.SetLength(_file.Position);
            }
            catch (IOException)
            {
                // A full disk stops the training where it matters; the time alone is no reason.
            }
        }
    }
}
