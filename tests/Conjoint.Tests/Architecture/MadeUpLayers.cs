// A house with faults, on which the rule has to show that it sees them. The namespaces are the point, so one file holds them all.
namespace Conjoint.Tests.Architecture.MadeUp.Training
{
    public sealed class Trainer
    {
        public static int Steps => 3;
    }
}

namespace Conjoint.Tests.Architecture.MadeUp.Nets
{
    public sealed class Net
    {
        public int Width { get; init; }
    }
}

namespace Conjoint.Tests.Architecture.MadeUp.Data
{
    // Sideways, in a field.
    public sealed class Loader
    {
        public Nets.Net? Net { get; init; }
    }
}

namespace Conjoint.Tests.Architecture.MadeUp.Runtime
{
    // Up, hidden in a method's body.
    public sealed class Device
    {
        public static int Count() => Training.Trainer.Steps;
    }
}

namespace Conjoint.Tests.Architecture.MadeUp.Tasks
{
    // Down, as it should be.
    public sealed class Segmenter
    {
        public Nets.Net? Net { get; init; }
    }
}

namespace Conjoint.Tests.Architecture.MadeUp.Objectives
{
    // A file read amid the maths.
    public sealed class Loss
    {
        public static string Read() => System.IO.File.ReadAllText("scores");
    }
}
