using BenchmarkDotNet.Running;
using Conjoint.Bench;

if (args is ["side-by-side", var folder])
    SideBySide.Run(folder);
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
