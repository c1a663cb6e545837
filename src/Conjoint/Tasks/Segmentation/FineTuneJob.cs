using System.Security.Cryptography;
using System.Text;
using Conjoint.Data;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Training;
using static TorchSharp.torch;

namespace Conjoint.Tasks.Segmentation;

/// <summary>Everything about a fine-tuning that doesn't change while it runs.</summary>
internal sealed class FineTuneJob
{
    public FineTuneJob(
        FineTuneSettings settings, PreparedStore store, WeightsSource? weights, LabelledSplit? split, RunFolder folder, IRunObserver observer,
        CancellationToken cancellation)
    {
        (Settings, Store, Weights, Folder, Observer, Cancellation) = (settings, store, weights, folder, observer, cancellation);
        Cases = split is null
            ? SegmentationCases.Select(store, LabelBudget.Parse(settings.Labels), settings.Seed, settings.Dataset)
            : SegmentationCases.Of(store, split, settings.Dataset);
        Encoder = weights?.Card?.Net<SliceEncoderSettings>(Segmenter.SliceEncoderCard) ?? settings.Encoder;
        // Whatever the weights saw, this net learns from the store's values: prediction has to scale as the store did.
        Input = Scaling.Of(store).On(settings.Input ?? weights?.Card?.Input ?? InputNormalisation.Plain);
        if (weights?.Card is { } card && Scaling.Of(card.Input) != Scaling.Of(store))
            observer.Warn("The store was prepared with another normalisation, window, percentiles or grid than the weights were trained with; prepare it again with the same ones to get the most out of them.");
        Device = ComputeDevice.Resolve(settings.Device);
        Rates = RatesToTry();
        Loader = new LabelledSliceLoader(store, Cases.Train, Cases.Map, Input, settings.Batch, settings.Augmentation, settings.Seed);
        Steps = settings.Steps ?? (long)settings.Epochs * Loader.StepsPerEpoch;
        Fingerprint = Digest();
        CheckBatch();
    }

    public FineTuneSettings Settings { get; }

    public PreparedStore Store { get; }

    /// <summary>The pre-trained weights; null for scratch.</summary>
    public WeightsSource? Weights { get; }

    public RunFolder Folder { get; }

    public IRunObserver Observer { get; }

    public CancellationToken Cancellation { get; }

    public SegmentationCases Cases { get; }

    public SliceEncoderSettings Encoder { get; }

    public UNetSettings Decoder { get; } = new();

    public InputNormalisation Input { get; }

    public Device Device { get; }

    /// <summary>The given rate, or those to choose from.</summary>
    public IReadOnlyList<double> Rates { get; }

    public LabelledSliceLoader Loader { get; }

    /// <summary>Steps for each rate.</summary>
    public long Steps { get; }

    /// <summary>Whether there is anything to validate on.</summary>
    public bool Validates => Settings.Validations > 0 && Cases.Validation.Count > 0;

    /// <summary>Tells two different fine-tunings apart; settings that change no number don't count.</summary>
    public string Fingerprint { get; }

    /// <summary>Whether a validation follows this many steps.</summary>
    public bool ValidatesAfter(long step) =>
        Validates && (step == Steps || step * Settings.Validations / Steps > (step - 1) * Settings.Validations / Steps);

    /// <summary>A net as training begins with it: the same for every rate.</summary>
    /// <param name="report">What became of the pre-trained tensors; null for scratch.</param>
    public Segmenter Fresh(out LoadReport? report)
    {
        var segmenter = Segmenter.Create(Encoder, Decoder, Cases.Map, Input, Settings.Seed, Device);
        report = Weights is null ? null : NetWeights.Load(segmenter.Net.Encoder, Weights.Path, Weights.Tensors, NetWeights.SlicePrefixes);
        return segmenter;
    }

    /// <summary>The card of the weights that come out.</summary>
    public WeightsCard Card() => new WeightsCard
    {
        Preset = Weights?.Card?.Preset ?? Settings.Preset,
        Method = Weights is null ? "scratch" : Weights.Card?.Method ?? "unknown",
        Stage = "finetune",
        Task = "segment",
        Input = Input,
        Licence = Weights is null ? WeightsCard.OwnLicence : Weights.Card?.Licence ?? WeightsCard.UnknownLicence,
        Data =
        [
            .. Cases.Train.GroupBy(c => (c.Dataset, c.Modality)).OrderBy(g => g.Key.Dataset, StringComparer.Ordinal).ThenBy(g => g.Key.Modality)
                .Select(g => new DataSummary
                {
                    Dataset = g.Key.Dataset,
                    Modality = g.Key.Modality.ToString(),
                    Subjects = g.Select(c => c.Subject).Distinct().Count(),
                    Volumes = g.Count(c => c.Kind == CaseKind.Volume),
                    Images = g.Count(c => c.Kind == CaseKind.Image),
                    Slices = g.Sum(c => c.Slices),
                }),
        ],
    }.WithNet(Segmenter.SliceEncoderCard, Encoder)
     .WithNet(SegmenterSettings.CardName, new SegmenterSettings { Labels = Cases.Map.Labels, Decoder = Decoder });

    private double[] RatesToTry()
    {
        if (Settings.LearningRate is { } given)
            return [given];
        if (Validates || Settings.LearningRates.Count == 1)
            return [.. Settings.LearningRates];
        var smallest = Settings.LearningRates.Min();
        Observer.Warn(FormattableString.Invariant(
            $"No labelled validation case to choose the learning rate on: taking {smallest}. Give a rate, or a store with a validation split."));
        return [smallest];
    }

    private void CheckBatch()
    {
        if (Loader.Batch < Settings.Batch)
            Observer.Warn($"batch {Settings.Batch} is more than the {Loader.Batch} training slices; taking all of them in each step.");
        // Batch norm needs two values a channel; the deepest map has (S/32)² of them a slice.
        if (Loader.Batch == 1 && Input.Size <= 32)
            throw new ConfigurationException($"batch: one slice of {Input.Size}×{Input.Size} is too little for batch norm; expected at least 2 slices in a batch.");
    }

    private string Digest()
    {
        var same = Settings with { Device = "", Workers = 1, CheckpointSeconds = 0 };
        var text = new StringBuilder(SettingsWriter.Write(same)).Append(Card().ToJson());
        foreach (var storeCase in Cases.Train.Concat(Cases.Validation).Concat(Cases.Test))
            text.Append(storeCase.Split).Append(storeCase.Id).Append(storeCase.ImageChecksum).Append(storeCase.MaskChecksum);
        if (Weights is not null)
        {
            using var stream = File.OpenRead(Weights.Path);
            text.Append(Convert.ToHexStringLower(SHA256.HashData(stream)));
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
