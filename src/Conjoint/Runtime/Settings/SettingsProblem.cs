namespace Conjoint.Runtime.Settings;

/// <summary>A combination of settings that cannot work.</summary>
/// <param name="Key">The key to blame, in snake case and seen from the record that complains: <c>prototypes</c> or <c>sinkhorn.epsilon</c>.</param>
/// <param name="Message">What was found and what would be right, without the key.</param>
public readonly record struct SettingsProblem(string Key, string Message);
