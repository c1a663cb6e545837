namespace Conjoint.Data;

/// <summary>A public data set, or a common layout, that can be read as its owners ship it. Stateless.</summary>
internal interface IDataSet
{
    /// <summary>What <c>--dataset</c> calls it, upper and lower case alike, and what stands in the store.</summary>
    string Name { get; }

    /// <summary>What it is and where it comes from.</summary>
    DataSetFacts Facts { get; }

    /// <summary>Whether a folder looks like it, from a glance at its names.</summary>
    bool Recognises(SetFolder folder);

    /// <summary>Adds its cases to a plan; nothing but names and lists is read.</summary>
    /// <exception cref="Imaging.InputDataException">A part that can't be done without is missing.</exception>
    void Plan(SetFolder folder, PrepareSettings settings, SourcePlan plan);
}

/// <summary>What a person wants to know about a data set before getting it.</summary>
/// <param name="Title">Its full name.</param>
/// <param name="Use">What the paper uses it for.</param>
/// <param name="Licence">The terms, as its owners state them.</param>
/// <param name="Where">Where to get it.</param>
/// <param name="Table1">Volumes or images that the paper's Table 1 counts for pre-training; null where it is no pre-training set.</param>
public sealed record DataSetFacts(string Title, string Use, string Licence, string Where, int? Table1 = null);
