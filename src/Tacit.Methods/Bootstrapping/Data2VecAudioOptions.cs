using Tacit.Models;

namespace Tacit.Methods;

/// <summary>The options of <see cref="Data2VecAudio"/>: the base model's (Baevski et al. 2022, arXiv:2202.03555, section 4.2).</summary>
public sealed record Data2VecAudioOptions : MethodOptions
{
    /// <summary>Which states are hidden.</summary>
    public SpanMask Mask { get; init; } = new() { Share = 0.65, Length = 10, Least = 1 };

    public SpeechTeacherOptions Teacher { get; init; } = new();

    internal static OptionTable<Data2VecAudioOptions> Table { get; } = new OptionTable<Data2VecAudioOptions>()
        .Section("mask", o => o.Mask, (o, v) => o with { Mask = v }, SpanMask.Table)
        .Section("", o => o.Teacher, (o, v) => o with { Teacher = v }, SpeechTeacherOptions.Table);

    public override MethodOptions FitTo(DataFit fit)
    {
        fit.RefuseBatchOfOne("whether the targets of one recording are constant cannot be told");
        int states = SpeechEncoders.States(fit, BackboneFactory.Wav2Vec2, "data2vec-audio");
        return this with { Mask = SpeechEncoders.FitMask(fit, Mask, states), Teacher = Teacher.FitTo(fit) };
    }
}
