using Conjoint.Data.Phantoms.Solids;

namespace Conjoint.Data.Phantoms.Anatomy;

/// <summary>A solid of one tissue. Layers are painted in order; a later one covers an earlier one.</summary>
/// <param name="Solid">Where it is.</param>
/// <param name="Tissue">What it consists of.</param>
/// <param name="Structure">What it is labelled as; null keeps what lies beneath (a vessel in the lung is lung).</param>
/// <param name="OnlyInLungs">Whether it is cut off where the lungs end.</param>
internal sealed record Layer(Solid Solid, Tissue Tissue, Structure? Structure = Structure.None, bool OnlyInLungs = false);
