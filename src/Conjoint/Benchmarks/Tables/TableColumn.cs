namespace Conjoint.Benchmarks.Tables;

/// <summary>What a column measures.</summary>
public enum ColumnScore
{
    /// <summary>3D segmentation, slice by slice: mean over cases of the mean IoU of the classes.</summary>
    Iou,

    /// <summary>2D segmentation: mean over cases of the mean Dice of the classes.</summary>
    Dice,

    /// <summary>3D classification: area under the ROC curve.</summary>
    Auc,

    /// <summary>2D detection: mean over classes of the average precision at IoU 0.5.</summary>
    AveragePrecision,
}

/// <summary>A column of a table: a labelled data set, a task and its score.</summary>
/// <param name="Name">As the paper heads it.</param>
/// <param name="Score">Its score.</param>
/// <param name="Set">The labelled set, by the name that <see cref="TableData"/> knows it by.</param>
/// <param name="Labels">How much of its training labels is used.</param>
public sealed record TableColumn(string Name, ColumnScore Score, string Set, string Labels = "all")
{
    /// <summary>The name in cells and files.</summary>
    public string Key => $"{Set}{(Labels == "all" ? "" : $"-{Labels.Replace("%", "", StringComparison.Ordinal)}")}-{Score switch { ColumnScore.AveragePrecision => "ap", var score => score.ToString().ToLowerInvariant() }}";

    /// <summary>Whether weights of a kind of method can start the column's net; where they can't, the paper has N/A.</summary>
    public bool Takes(MethodGroup group) => Score switch
    {
        ColumnScore.Auc => group != MethodGroup.TwoD,
        ColumnScore.Dice or ColumnScore.AveragePrecision => group != MethodGroup.ThreeD,
        _ => true,
    };
}
