namespace Tacit.Data.Features;

/// <summary>Options of <see cref="KaldiMfcc"/>.</summary>
public sealed record KaldiMfccOptions : KaldiMelOptions
{
    /// <summary>Coefficients, the zeroth included.</summary>
    public int NumCeps { get; init; } = 13;

    /// <summary>Coefficient i is scaled by 1 + L/2 sin(πi/L); 0 for not.</summary>
    public double CepstralLifter { get; init; } = 22;

    public override void Validate()
    {
        base.Validate();
        Require(NumCeps >= 1 && NumCeps <= NumMelBins, $"the number of coefficients must lie within 1 and the {NumMelBins} mel bins, not {NumCeps}");
        Require(CepstralLifter >= 0, $"the lifter must not be negative, as {CepstralLifter} is");
    }
}
