namespace Conjoint.Benchmarks.Tables;

/// <summary>A table as the paper prints it. Source: Nguyen et al., AAAI 2023, Tables 3 to 8.</summary>
/// <param name="Title">What it compares.</param>
/// <param name="Columns">The columns on the paper's data.</param>
/// <param name="Rows">The methods.</param>
/// <param name="Values">The printed values, × 100.</param>
/// <param name="Marks">The caption's marks.</param>
internal sealed record PublishedTable(
    string Title, IReadOnlyList<TableColumn> Columns, IReadOnlyList<TableMethod> Rows, IReadOnlyDictionary<(string Row, string Column), string> Values, TableMarks Marks)
{
    /// <summary>Table 8: parameters in millions, as printed.</summary>
    public static IReadOnlyList<(string Method, string Parameters)> Parameters { get; } =
        [("SwinViT3D", "62.19 M"), ("TransVW", "19.7 M"), ("Universal Model", "19.7 M"), ("USST", "47.8 M"), ("Our", "31.16 M")];

    /// <summary>One of Tables 3 to 7.</summary>
    public static PublishedTable Of(int number) => number switch
    {
        3 => Make(
            "Seen domains, pre-trained on the universal mixture: BraTS2018 (segmentation, IoU) and LUNA2016-v2 (classification, AUC)",
            [new("BraTS2018", ColumnScore.Iou, "brats2018"), new("LUNA2016-v2", ColumnScore.Auc, "luna16")],
            new TableMarks(TopTwo: true, AmongTwoDimensional: true, BestUnderlined: true),
            [
                (MethodGroup.ThreeD, "Scratch (3D)", ["58.51 ± 2.61", "94.15 ± 3.97"]),
                (MethodGroup.ThreeD, "V-Net", ["59.01 ± 2.59", "95.85 ± 1.09"]),
                (MethodGroup.ThreeD, "3D-Transformer", ["66.54 ± 0.40", "85.15 ± 2.62"]),
                (MethodGroup.ThreeD, "I3D", ["67.83 ± 0.75", "92.43 ± 2.63"]),
                (MethodGroup.ThreeD, "NiftyNet", ["60.78 ± 1.60", "94.16 ± 1.52"]),
                (MethodGroup.ThreeD, "Med3D", ["66.09 ± 1.35", "91.32 ± 1.47"]),
                (MethodGroup.ThreeD, "3D-Rotation", ["56.48 ± 1.78", "95.91 ± 1.26"]),
                (MethodGroup.ThreeD, "3D-JigSaw", ["59.65 ± 0.81", "89.12 ± 1.71"]),
                (MethodGroup.ThreeD, "Models Genesis", ["67.96 ± 1.29", "92.46 ± 5.54"]),
                (MethodGroup.ThreeD, "Universal Model", ["72.10 ± 0.67", "N/A"]),
                (MethodGroup.ThreeD, "3D-DeepCluster", ["59.20 ± 1.69", "89.03 ± 2.56"]),
                (MethodGroup.ThreeD, "3D-SwAV", ["62.81 ± 1.03", "88.79 ± 5.48"]),
                (MethodGroup.ThreeD, "TransVW", ["68.82 ± 0.38", "93.84 ± 6.73"]),
                (MethodGroup.ThreeD, "SwinViT3D", ["70.58 ± 1.27", "88.68 ± 2.63"]),
                (MethodGroup.TwoD, "Scratch (2D)", ["66.82 ± 1.32", "N/A"]),
                (MethodGroup.TwoD, "Pre-trained ImageNet", ["71.24 ± 2.30", "N/A"]),
                (MethodGroup.TwoD, "SimCLR", ["70.37 ± 1.11", "N/A"]),
                (MethodGroup.TwoD, "Moco-v2", ["70.82 ± 0.22", "N/A"]),
                (MethodGroup.TwoD, "Barlow-Twins", ["67.35 ± 0.55", "N/A"]),
                (MethodGroup.TwoD, "Deep-Cluster-v2", ["69.21 ± 2.10", "N/A"]),
                (MethodGroup.TwoD, "SwAV", ["69.83 ± 2.44", "N/A"]),
                (MethodGroup.Joint, "Our (DeepCluster-v2)", ["72.81 ± 0.15", "93.91 ± 0.67"]),
                (MethodGroup.Joint, "Our (SwAV)", ["73.03 ± 0.42", "94.22 ± 1.11"]),
            ]),
        4 => Make(
            "Unseen domains, pre-trained on the universal mixture: MMWHS (segmentation, IoU)",
            [new("MMWHS (CT)", ColumnScore.Iou, "mmwhs-ct"), new("MMWHS (MRI)", ColumnScore.Iou, "mmwhs-mri")],
            new TableMarks(TopTwo: true, AmongTwoDimensional: true, BestUnderlined: true),
            [
                (MethodGroup.ThreeD, "Scratch (3D)", ["68.29 ± 1.68", "67.04 ± 2.18"]),
                (MethodGroup.ThreeD, "V-Net", ["69.66 ± 3.65", "67.50 ± 3.76"]),
                (MethodGroup.ThreeD, "3D-Transformer", ["67.30 ± 2.29", "67.64 ± 2.21"]),
                (MethodGroup.ThreeD, "I3D", ["76.63 ± 2.32", "66.71 ± 1.27"]),
                (MethodGroup.ThreeD, "NiftyNet", ["74.91 ± 2.78", "64.60 ± 1.96"]),
                (MethodGroup.ThreeD, "Med3D", ["75.01 ± 0.74", "63.43 ± 0.61"]),
                (MethodGroup.ThreeD, "3D-Rotation", ["67.54 ± 2.80", "71.36 ± 1.70"]),
                (MethodGroup.ThreeD, "3D-JigSaw", ["68.40 ± 2.92", "72.99 ± 2.54"]),
                (MethodGroup.ThreeD, "Models Genesis", ["76.48 ± 2.89", "74.53 ± 1.69"]),
                (MethodGroup.ThreeD, "Universal Model", ["78.14 ± 0.77", "77.52 ± 0.50"]),
                (MethodGroup.ThreeD, "3D-DeepCluster", ["69.47 ± 1.44", "75.83 ± 2.29"]),
                (MethodGroup.ThreeD, "3D-SwAV", ["69.90 ± 1.31", "69.41 ± 1.93"]),
                (MethodGroup.ThreeD, "TransVW", ["79.74 ± 2.78", "75.08 ± 2.04"]),
                (MethodGroup.ThreeD, "SwinViT3D", ["70.19 ± 1.23", "78.25 ± 1.66"]),
                (MethodGroup.TwoD, "Scratch (2D)", ["74.25 ± 2.05", "52.34 ± 4.31"]),
                (MethodGroup.TwoD, "Pre-trained ImageNet", ["73.49 ± 3.15", "72.66 ± 2.46"]),
                (MethodGroup.TwoD, "SimCLR", ["78.56 ± 2.12", "72.72 ± 1.29"]),
                (MethodGroup.TwoD, "Moco-v2", ["80.25 ± 0.93", "71.85 ± 1.25"]),
                (MethodGroup.TwoD, "Barlow-Twins", ["80.95 ± 2.47", "70.90 ± 1.89"]),
                (MethodGroup.TwoD, "Deep-Cluster-v2", ["81.03 ± 1.17", "74.51 ± 1.92"]),
                (MethodGroup.TwoD, "SwAV", ["82.15 ± 1.19", "74.50 ± 1.20"]),
                (MethodGroup.Joint, "Our (DeepCluster-v2)", ["83.58 ± 1.54", "78.14 ± 1.32"]),
                (MethodGroup.Joint, "Our (SwAV)", ["84.89 ± 0.68", "78.73 ± 1.21"]),
            ]),
        5 => Make(
            "Unseen domain, pre-trained on the universal mixture: VinDr-CXR (detection, AP at IoU 0.5)",
            [new("VinDr-CXR", ColumnScore.AveragePrecision, "vindr-cxr")],
            new TableMarks(TopTwo: true, AmongTwoDimensional: false, BestUnderlined: false),
            [
                (MethodGroup.TwoD, "Scratch (2D)", ["24.35 ± 0.04"]),
                (MethodGroup.TwoD, "Pre-trained ImageNet", ["27.82 ± 0.29"]),
                (MethodGroup.TwoD, "SimCLR", ["26.87 ± 0.32"]),
                (MethodGroup.TwoD, "Moco-v2", ["27.20 ± 0.66"]),
                (MethodGroup.TwoD, "Barlow-Twins", ["26.83 ± 0.13"]),
                (MethodGroup.TwoD, "Deep-Cluster-v2", ["28.03 ± 0.41"]),
                (MethodGroup.TwoD, "SwAV", ["27.70 ± 0.22"]),
                (MethodGroup.Joint, "Our (DeepCluster-v2)", ["28.47 ± 0.40"]),
                (MethodGroup.Joint, "Our (SwAV)", ["27.47 ± 0.18"]),
            ]),
        6 => Make(
            "Pre-trained on the unified mixture: JSRT (2D segmentation, Dice) with shares of the labels",
            [new("20%", ColumnScore.Dice, "jsrt", "20%"), new("40%", ColumnScore.Dice, "jsrt", "40%"), new("100%", ColumnScore.Dice, "jsrt", "100%")],
            new TableMarks(TopTwo: true, AmongTwoDimensional: false, BestUnderlined: false),
            [
                (MethodGroup.TwoD, "Scratch CNN", ["84.05", "87.63", "90.96"]),
                (MethodGroup.TwoD, "Scratch PTU", ["85.55", "88.83", "91.22"]),
                (MethodGroup.TwoD, "Pre-trained ImageNet", ["87.90", "90.01", "91.73"]),
                (MethodGroup.TwoD, "Moco-v2", ["88.65", "91.03", "92.32"]),
                (MethodGroup.TwoD, "PGL", ["89.01", "91.39", "92.76"]),
                (MethodGroup.TwoD, "PCRL", ["89.55", "91.53", "93.07"]),
                (MethodGroup.TwoD, "Moco-v3", ["90.07", "91.75", "92.68"]),
                (MethodGroup.TwoD, "DINO", ["90.40", "92.16", "93.03"]),
                (MethodGroup.Joint, "USST", ["91.88", "93.15", "94.08"]),
                (MethodGroup.Joint, "Our (DeepCluster-v2)", ["90.60", "92.87", "94.31"]),
                (MethodGroup.Joint, "Our (SwAV)", ["89.98", "93.03", "94.45"]),
            ]),
        7 => Make(
            "Ablations of our method with SwAV: MMWHS (segmentation, IoU)",
            [new("CT", ColumnScore.Iou, "mmwhs-ct"), new("MRI", ColumnScore.Iou, "mmwhs-mri")],
            new TableMarks(TopTwo: false, AmongTwoDimensional: false, BestUnderlined: false),
            [
                (MethodGroup.Joint, "W/o mask prediction", ["82.53", "77.35"]),
                (MethodGroup.Joint, "W/o 3D clustering", ["81.97", "76.18"]),
                (MethodGroup.Joint, "Full model", ["84.89", "78.73"]),
                (MethodGroup.Joint, "Full model w/o multi-feature", ["83.56", "78.12"]),
            ]),
        _ => throw new Runtime.ConfigurationException($"--table {number}: not a table of results; expected one of 3, 4, 5, 6, 7, 8 and learning."),
    };

    private static PublishedTable Make(string title, TableColumn[] columns, TableMarks marks, (MethodGroup Group, string Row, string[] Values)[] rows) => new(
        title,
        columns,
        [.. rows.Select(r => TableMethods.Named(r.Row, r.Group))],
        rows.SelectMany(r => r.Values.Select((value, c) => KeyValuePair.Create((r.Row, columns[c].Name), value))).ToDictionary(),
        marks);
}
