using Tacit.Tensors;

namespace Tacit.Data.Features;

/// <summary>Cepstral coefficients by the names of torchaudio.transforms.MFCC, whose defaults these are.</summary>
public sealed record MfccOptions : MelSpectrogramOptions
{
    public int NMfcc { get; init; } = 40;

    /// <summary>log(mel + 1e-6) instead of decibels within 80 dB of the loudest.</summary>
    public bool LogMels { get; init; }

    public override void Validate()
    {
        base.Validate();
        Require(NMfcc >= 1 && NMfcc <= NMels, $"the number of coefficients must lie within 1 and the {NMels} mel bins, not {NMfcc}");
    }
}
