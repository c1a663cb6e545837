namespace Conjoint.Reporting;

/// <summary>One part of a page. A part without content is left out.</summary>
/// <param name="Anchor">Its address on the page.</param>
/// <param name="Name">Its heading.</param>
/// <param name="Content">What stands below the heading.</param>
internal sealed record Section(string Anchor, string Name, Markup Content);
