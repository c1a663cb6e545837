namespace Conjoint.Nets;

/// <summary>Which levels of the slice encoder make its feature.</summary>
public enum FeatureLevels
{
    /// <summary>paper: stem and four stages, each averaged, L2-normalised, concatenated.</summary>
    All,

    /// <summary>The last stage alone (Table 7, "w/o multi-feature").</summary>
    Last,

    /// <summary>released: the four stages, and the last one a second time, so that it weighs double in every inner product.</summary>
    LastTwice,
}
