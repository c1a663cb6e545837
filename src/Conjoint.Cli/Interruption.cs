using System.Runtime.InteropServices;

namespace Conjoint.Cli;

/// <summary>
/// Ctrl-C and SIGTERM as a cancellation token: the first asks the run to write its checkpoint and end, the second ends the
/// process at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _exitCode = ExitCode.Interrupted;

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>130 or 143, by the signal that came.</summary>
    public int Code => _exitCode;

    /// <summary>Listens to this process's signals.</summary>
    public static Interruption OfThisProcess()
    {
        var interruption = new Interruption();
        interruption.Listen(PosixSignal.SIGINT, ExitCode.Interrupted);
        interruption.Listen(PosixSignal.SIGTERM, ExitCode.Terminated);
        return interruption;
    }

    /// <summary>Does what a signal does.</summary>
    /// <returns>Whether this was the first, so that the process goes on.</returns>
    public bool Signal(int exitCode)
    {
        if (_source.IsCancellationRequested)
            return false;
        _exitCode = exitCode;
        _source.Cancel();
        return true;
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Listen(PosixSignal signal, int exitCode) =>
        _registrations.Add(PosixSignalRegistration.Create(signal, context => context.Cancel = Signal(exitCode)));
}
