using Conjoint.Cli;

using var interruption = Interruption.OfThisProcess();
return CommandHost.Run(args, Terminal.OfThisProcess(), interruption);
