using System.Security.Cryptography;
using System.Text;
using Conjoint.Data;
using Conjoint.Runtime;

namespace Conjoint.Tasks.FineTuning;

/// <summary>Everything about a fine-tuning that doesn't change while it runs.</summary>
internal sealed class FineTuneJob<TModel, TBatch, TScore>
    where TModel : class, IFineTuneModel
    where TBatch : class, IDisposable
    where TScore : class
{
    public FineTuneJob(FineTuneContext context, IFineTuneTask<TModel, TBatch, TScore> task)
    {
        (Context, Task) = (context, task);
        Rates = RatesToTry();
        Steps = Settings.Steps ?? (long)Settings.Epochs * Task.Batches.StepsPerEpoch;
        Fingerprint = Digest();
    }

    public FineTuneContext Context { get; }

    public IFineTuneTask<TModel, TBatch, TScore> Task { get; }

    public FineTuneSettings Settings => Context.Settings;

    /// <summary>The given rate, or those to choose from.</summary>
    public IReadOnlyList<double> Rates { get; }

    /// <summary>Steps for each rate.</summary>
    public long Steps { get; }

    /// <summary>Whether there is anything to validate on.</summary>
    public bool Validates => Settings.Validations > 0 && Task.ValidationFault is null;

    /// <summary>Tells two different fine-tunings apart; settings that change no number don't count.</summary>
    public string Fingerprint { get; }

    /// <summary>Whether a validation follows this many steps.</summary>
    public bool ValidatesAfter(long step) =>
        Validates && (step == Steps || step * Settings.Validations / Steps > (step - 1) * Settings.Validations / Steps);

    /// <summary>The card of the weights that come out.</summary>
    public WeightsCard Card() => Task.Describe(new WeightsCard
    {
        Preset = Context.Weights?.Card?.Preset ?? Settings.Preset,
        Method = Context.Weights is null ? "scratch" : Context.Weights.Card?.Method ?? "unknown",
        Stage = "finetune",
        Task = Task.Name,
        Input = Context.Input,
        Licence = Context.Weights is null ? WeightsCard.OwnLicence : Context.Weights.Card?.Licence ?? WeightsCard.UnknownLicence,
        Data =
        [
            .. Task.Cases.Train.GroupBy(c => (c.Dataset, c.Modality)).OrderBy(g => g.Key.Dataset, StringComparer.Ordinal).ThenBy(g => g.Key.Modality)
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
    }.WithNet(Context.EncoderName, Context.Encoder));

    private double[] RatesToTry()
    {
        if (Settings.LearningRate is { } given)
            return [given];
        if (Validates || Settings.LearningRates.Count == 1)
            return [.. Settings.LearningRates];
        var smallest = Settings.LearningRates.Min();
        var fault = Task.ValidationFault ?? "No labelled validation case to choose the learning rate on";
        Context.Observer.Warn(FormattableString.Invariant($"{fault}: taking {smallest}. Give a rate, or a store with a validation split."));
        return [smallest];
    }

    private string Digest()
    {
        var text = new StringBuilder(Task.NumberChangingSettings).Append(Card().ToJson());
        foreach (var storeCase in Task.Cases.All)
            text.Append(storeCase.Split).Append(storeCase.Id).Append(storeCase.ImageChecksum).Append(storeCase.MaskChecksum).Append(storeCase.Label);
        if (Context.Weights is not null)
        {
            using var stream = File.OpenRead(Context.Weights.Path);
            text.Append(Convert.ToHexStringLower(SHA256.HashData(stream)));
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
