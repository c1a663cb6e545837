using System.Globalization;

namespace Conjoint.Data;

/// <summary>
/// Numbers the people whose scans say to whom they belong (DICOM). Their identifiers stay where they are: a store gets numbers in
/// the order of the sources, from which nothing leads back.
/// </summary>
internal static class KnownSubjects
{
    /// <summary>The plans, with <c>subject-0001</c> and so on where keys are known. Scans that share a key, directly or by others, are one person's.</summary>
    public static IEnumerable<CasePlan> Number(IReadOnlyList<CasePlan> plans)
    {
        var parent = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var keys in plans.Select(plan => plan.SubjectKeys).Where(keys => keys.Count > 0))
        {
            foreach (var key in keys)
                parent[Root(key)] = Root(keys[0]);
        }

        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var plan in plans.Where(plan => plan.SubjectKeys.Count > 0).OrderBy(plan => plan.Source, StringComparer.Ordinal))
            numbers.TryAdd(Root(plan.SubjectKeys[0]), numbers.Count + 1);
        return plans.Select(plan => plan.SubjectKeys.Count == 0
            ? plan
            : plan with { Subject = string.Create(CultureInfo.InvariantCulture, $"subject-{numbers[Root(plan.SubjectKeys[0])]:D4}") });

        string Root(string key)
        {
            parent.TryAdd(key, key);
            while (parent[key] != key)
                key = parent[key] = parent[parent[key]];
            return key;
        }
    }
}
