using Conjoint.Imaging;
using Conjoint.Runtime;

namespace Conjoint.Cli;

/// <summary>What the program's exit codes mean; scripts depend on them.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Other = 1;
    public const int Usage = 2;
    public const int InputData = 3;
    public const int Diverged = 4;

    // 128 + the signal's number, as a shell reports it.
    public const int Interrupted = 130;
    public const int Terminated = 143;

    /// <summary>The one place where errors become exit codes.</summary>
    public static int Of(Exception exception) => exception switch
    {
        ConfigurationException => Usage,
        InputDataException => InputData,
        TrainingDivergedException => Diverged,
        _ => Other,
    };
}
