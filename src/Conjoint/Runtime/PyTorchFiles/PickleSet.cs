namespace Conjoint.Runtime.PyTorchFiles;

/// <summary>A Python set; its members are of no use to weights and are not kept.</summary>
internal sealed class PickleSet;
