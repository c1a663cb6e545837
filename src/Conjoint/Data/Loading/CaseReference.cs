namespace Conjoint.Data;

/// <summary>A case and the store that holds its arrays.</summary>
/// <param name="Store">The store; stays the caller's to dispose.</param>
/// <param name="Case">One of its cases.</param>
public readonly record struct CaseReference(PreparedStore Store, StoreCase Case);
