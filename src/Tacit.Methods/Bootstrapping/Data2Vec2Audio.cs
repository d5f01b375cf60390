using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// data2vec 2.0 on recordings: as data2vec, but the student sees only the frames that are not hidden, a small decoder fills the gaps,
/// and several masks of an utterance share one pass of the teacher.
/// </summary>
/// <remarks>
/// Baevski et al. 2022, arXiv:2212.07525, section 3. Positions come from the convolutions alone; the published model adds ALiBi's
/// penalty of distances, and four of its layers are named apart.
/// </remarks>
public sealed class Data2Vec2Audio : Method
{
    private readonly Data2Vec2AudioOptions options;
    private readonly Wav2Vec2Backbone student;
    private readonly SpeechTeacher teacher;
    private readonly ConvDecoder decoder;

    public Data2Vec2Audio(Backbone backbone, Data2Vec2AudioOptions options) : base(backbone)
    {
        this.options = options;
        student = SpeechEncoders.Waves(backbone, "data2vec2-audio");
        decoder = Add("decoder", new ConvDecoder(backbone.Dim, options.DecoderDim ?? Math.Max(1, backbone.Dim / 2), options.DecoderKernel, options.DecoderLayers));
        teacher = Add("teacher", new SpeechTeacher(student.Encoder, options.Teacher));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "data2vec2-audio",
            "bootstrapping",
            ["speech"],
            "Baevski, Babu, Hsu and Auli: Efficient Self-supervised Learning with Contextualized Target Representations for Vision, Speech and Language, arXiv:2212.07525",
            2022,
            "Predict a slow teacher's states of hidden frames, several masks a pass, from the others alone"),
        new Data2Vec2AudioOptions(),
        Data2Vec2AudioOptions.Table.As<MethodOptions>(),
        (backbone, options) => new Data2Vec2Audio(backbone, (Data2Vec2AudioOptions)options))
    {
        // Published: Adam 7.5e-4 (0.9, 0.98), eps 1e-6, decay 0.01; 8 of 400 thousand steps of warm-up, then a cosine.
        Setup = new MethodSetup
        {
            Architecture = BackboneFactory.Wav2Vec2,
            LongRun = new LongRun(10_000, "method.mask-length"),
            Model = Data2VecAudio.Encoder,
            Optimizer = new OptimizerOptions { Name = "adam", Lr = 7.5e-4, Beta2 = 0.98, Epsilon = 1e-6, WeightDecay = 0.01 },
            ReferenceBatch = 8,
            BatchSize = 8,
            Schedule = new ScheduleOptions { Name = "cosine", Warmup = 0.05 },
        },
    };

    public override SoundPlan Sounds { get; } = new();

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        var frames = new UtteranceFrames(student, batch);
        Tensor features = student.Encoder.Features(frames.Waves, frames.Samples);       // [N, T, C]
        Tensor projected = student.Encoder.Project(features).Projected;                 // [N, T, D]
        int items = batch.Size * options.Clones, longest = projected.Shape[1], dim = projected.Shape[2];
        int[] clones = [.. Enumerable.Range(0, items).Select(i => i % batch.Size)], shown = Array.ConvertAll(clones, n => frames.Shown[n]);

        RandomSequence random = Scope.NextRandom("mask", Path);
        bool[] hidden = options.Draw(Array.ConvertAll(clones, n => frames.Lengths[n]), longest, ref random);
        int[] rows = [.. Enumerable.Range(0, hidden.Length).Where(i => hidden[i])];
        int[] kept = [.. Enumerable.Range(0, hidden.Length).Where(i => !hidden[i] && i % longest < shown[i / longest])];
        Tensor seen = See(Ops.Gather(projected, clones), shown, hidden, kept);          // [kept, D]
        diagnostics.Report("masked_share", rows.Length / Math.Max(1.0, options.Clones * frames.Count));
        diagnostics.Embedding(seen);
        if (rows.Length == 0)
        {
            return Ops.Multiply(Ops.Mean(seen), 0);     // no utterance of the batch has two frames
        }

        Tensor filled = Ops.Add(Ops.ScatterAdd(seen, kept, hidden.Length), Noise(rows, hidden.Length, dim));
        Tensor predictions = decoder.Forward(filled.Reshape(items, longest, dim), shown);
        Tensor targets = teacher.Targets(features, frames.Shown).Reshape(batch.Size * longest, dim);
        int[] told = Array.ConvertAll(rows, row => row % (batch.Size * longest));
        return teacher.Loss(Ops.Gather(predictions.Reshape(hidden.Length, dim), rows), Ops.Gather(targets, told), diagnostics);
    }

    public override void AfterStep(long step, long steps) => teacher.Update(step, steps);

    /// <summary>The states of the frames that are not hidden, one below the other; positions are told of zeros where frames are.</summary>
    private Tensor See(Tensor projected, int[] shown, bool[] hidden, int[] kept)
    {
        Tensor see = Tensor.Full(new Shape(projected.Shape[0], projected.Shape[1], 1), 1);
        for (int i = 0; i < hidden.Length; i++)
        {
            see.Span[i] = hidden[i] ? 0 : 1;
        }

        var counts = new int[shown.Length];
        foreach (int row in kept)
        {
            counts[row / projected.Shape[1]]++;
        }

        return Ops.PackFrames(student.Encoder.ContextOfSome(Ops.Multiply(projected, see), shown, kept, counts), counts);
    }

    /// <summary>[count, D], noise in the rows that are hidden and 0 in the others.</summary>
    private Tensor Noise(int[] rows, int count, int dim)
    {
        Tensor noise = Tensor.Zeros(new Shape(count, dim));
        var values = new float[rows.Length * dim];
        Scope open = Scope.Current!;
        Philox.FillNormal(values, open.Seed, Scope.NextStream("noise", Path), open.Step);
        for (int i = 0; i < values.Length; i++)
        {
            noise.Span[(rows[i / dim] * dim) + (i % dim)] = options.Noise * values[i];
        }

        return noise;
    }
}
