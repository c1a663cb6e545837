using Conjoint.Imaging;

namespace Conjoint.Data.Phantoms;

/// <summary>
/// A small data set of made-up people with ground truth: chest CTs, cardiac MRs, and radiographs of the chests, laid out like
/// any user's folders.
/// </summary>
/// <remarks>
/// <c>ct/</c> and <c>mr/</c> hold <c>images/</c>, <c>labels/</c> and <c>index.csv</c> (image, mask, subject, split, modality);
/// <c>radiographs/</c> holds <c>images/</c>, <c>index.csv</c> and <c>boxes.csv</c> (image, x1, y1, x2, y2, class, subject, split).
/// CT labels: 1 right lung, 2 left lung, 3 heart, 4 spine, 5 nodules. MR labels: 1 left ventricle, 2 right ventricle, 3 left
/// atrium, 4 right atrium, 5 myocardium of the left ventricle, 6 aorta. A subject is in one split, in all folders.
/// </remarks>
public static class PhantomDataSet
{
    private const string VolumeHeader = "image,mask,subject,split,modality";

    /// <summary>Makes the data set. Files of the same names are replaced; the tables are written last.</summary>
    /// <param name="folder">Where; made if it is not there.</param>
    /// <param name="settings">What and how much.</param>
    /// <param name="cancellation">Stops the work between two parts of a subject.</param>
    /// <exception cref="Runtime.ConfigurationException">A setting is out of its range.</exception>
    /// <exception cref="IOException">A file can't be written.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped; no table was written.</exception>
    public static void Write(string folder, PhantomSettings settings, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        foreach (var images in new[] { "ct/images", "ct/labels", "mr/images", "mr/labels", "radiographs/images" })
            Directory.CreateDirectory(Path.Combine(folder, images));

        var patients = Patients(settings);
        var examinations = new Examinations[patients.Count];
        Parallel.For(
            0, patients.Count, new ParallelOptions { MaxDegreeOfParallelism = settings.Workers, CancellationToken = cancellation },
            i => examinations[i] = Examine(folder, patients[i], settings, cancellation));

        WriteTable(Path.Combine(folder, "ct", "index.csv"), VolumeHeader, examinations.Select(examination => examination.CtRow));
        WriteTable(Path.Combine(folder, "mr", "index.csv"), VolumeHeader, examinations.Select(examination => examination.MrRow));
        WriteTable(
            Path.Combine(folder, "radiographs", "index.csv"), "image,subject,split,modality", examinations.Select(examination => examination.RadiographRow));
        WriteTable(
            Path.Combine(folder, "radiographs", "boxes.csv"), "image,x1,y1,x2,y2,class,subject,split", examinations.SelectMany(examination => examination.BoxRows));
    }

    private static List<Patient> Patients(PhantomSettings settings)
    {
        var patients = new List<Patient>();
        foreach (var ((split, scans), (_, radiographs)) in settings.Ct.Splits().Zip(settings.Radiographs.Splits()))
        {
            for (var number = 0; number < Math.Max(scans, radiographs); number++)
                patients.Add(new Patient(split, number, HasCt: number < scans, HasRadiograph: number < radiographs, HasMr: false));
        }

        foreach (var (split, scans) in settings.Mr.Splits())
        {
            for (var number = 0; number < scans; number++)
                patients.Add(new Patient(split, number, HasCt: false, HasRadiograph: false, HasMr: true));
        }

        return patients;
    }

    private static Examinations Examine(string folder, Patient patient, PhantomSettings settings, CancellationToken cancellation)
    {
        var rows = new Examinations();
        var subject = patient.HasMr
            ? PhantomSubject.Cardiac(settings.Seed, patient.Split, patient.Number)
            : PhantomSubject.Chest(settings.Seed, patient.Split, patient.Number);
        if (patient.HasCt)
        {
            var random = subject.Stream(Examination.ComputedTomography);
            var scan = ThoraxPhantom.Scan(subject, settings.Matrix, settings.Slices, random, cancellation);
            rows = rows with { CtRow = WriteScan(folder, "ct", "CT", scan, subject.Name, patient.Split) };
        }

        if (patient.HasMr)
        {
            var random = subject.Stream(Examination.MagneticResonance);
            var scan = HeartPhantom.Scan(subject, settings.Matrix * 5 / 6, Math.Max(1, settings.Slices * 2 / 3), random, cancellation);
            rows = rows with { MrRow = WriteScan(folder, "mr", "MR", scan, subject.Name, patient.Split) };
        }

        if (patient.HasRadiograph)
        {
            var random = subject.Stream(Examination.Radiography);
            var radiograph = Radiograph.Take(subject, settings.RadiographSize, random, cancellation);
            var image = $"images/{subject.Name}.png";
            PngFile.Write(Path.Combine(folder, "radiographs", image), radiograph.Image, bits: 16);
            rows = rows with
            {
                RadiographRow = $"{image},{subject.Name},{patient.Split},XRay",
                BoxRows = [.. radiograph.Boxes.Select(box => FormattableString.Invariant(
                    $"{image},{box.X1},{box.Y1},{box.X2},{box.Y2},nodule,{subject.Name},{patient.Split}"))],
            };
        }

        return rows;
    }

    private static string WriteScan(string folder, string kind, string modality, LabelledVolume scan, string subject, string split)
    {
        var (image, mask) = ($"images/{subject}.nii.gz", $"labels/{subject}.nii.gz");
        NiftiFile.Write(Path.Combine(folder, kind, image), scan.Image, NiftiDataType.Int16);
        NiftiFile.Write(Path.Combine(folder, kind, mask), scan.Mask, NiftiDataType.UInt8);
        return $"{image},{mask},{subject},{split},{modality}";
    }

    private static void WriteTable(string path, string header, IEnumerable<string?> rows)
    {
        // Line feeds on every system, so that the same settings give the same bytes.
        File.WriteAllText(path, string.Concat(rows.OfType<string>().Prepend(header).Select(row => row + "\n")));
    }

    /// <summary>Whom to make, and what to take of them.</summary>
    private sealed record Patient(string Split, int Number, bool HasCt, bool HasRadiograph, bool HasMr);

    /// <summary>A patient's rows of the tables; null where there is none.</summary>
    private sealed record Examinations
    {
        public string? CtRow { get; init; }

        public string? MrRow { get; init; }

        public string? RadiographRow { get; init; }

        public IReadOnlyList<string> BoxRows { get; init; } = [];
    }
}
