namespace Conjoint.Runtime.Settings;

/// <summary>Settings that know what cannot stand together. Asked once, after every single value has been found good.</summary>
public interface IValidated
{
    /// <summary>What is wrong; nothing when the record can be used.</summary>
    IEnumerable<SettingsProblem> Problems();
}
