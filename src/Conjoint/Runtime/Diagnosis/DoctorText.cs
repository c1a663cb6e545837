using System.Text;

namespace Conjoint.Runtime.Diagnosis;

/// <summary>The doctor's findings as lines for a terminal.</summary>
public static class DoctorText
{
    /// <summary>A finding a line, then the advice.</summary>
    public static string Write(DoctorReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var text = new StringBuilder();
        void Line(string name, string value) => text.Append(name.PadRight(18)).Append(value).Append('\n');

        Line("Conjoint", report.ConjointVersion);
        Line(".NET", report.Dotnet);
        Line("system", $"{report.System.Name}, kernel {report.System.Kernel}, {report.System.Architecture}");
        Line("C++ library", report.System.NewestGlibcxx is { } newest ? $"up to {newest}" : "not found");
        Line("processor", $"{report.Processor.Name ?? "unknown"}, {report.Processor.Cores} cores");
        Line("instruction sets", report.Processor.InstructionSets is { Count: > 0 } sets ? string.Join(", ", sets) : "none of avx2, avx512f, avx512_bf16, amx_bf16");
        if (report.Processor.HidesCaches)
            Line("", "hides the sizes of its caches" + (report.Processor.LacksOneDnn ? "" : "; libtorch was told usual ones"));
        Line("memory", DoctorAdvice.GiB(report.Memory.LimitBytes)
            + (report.Memory.AvailableBytes is { } available ? $", {DoctorAdvice.GiB(available)} free" : ""));
        if (report.TensorLibrary.Failure is null)
        {
            Line("libtorch", $"{report.TensorLibrary.Version ?? "of unstated version"}, {report.TensorLibrary.Threads} threads, from {report.TensorLibrary.Source}");
            Line("", report.TensorLibrary.Folder!);
            if (report.TensorLibrary.IsWrapperWeakened)
                Line("", "TorchSharp's wrapper was adapted to this system's older C++ library");
        }
        else
        {
            Line("libtorch", "not usable");
        }

        Line("CUDA", report.Cuda.Cards.Count == 0 && report.Cuda.Devices == 0 ? "no card"
            : $"{report.Cuda.Devices} usable of {report.Cuda.Cards.Count}: {string.Join(", ", report.Cuda.Cards)}");
        Line("MPI", report.Mpi ?? "none");

        text.Append('\n');
        if (report.Advice.Count == 0)
            text.Append("Nothing is missing.\n");
        foreach (var advice in report.Advice)
            text.Append("- ").Append(advice).Append('\n');
        return text.ToString();
    }
}
