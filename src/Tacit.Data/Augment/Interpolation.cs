namespace Tacit.Data.Augment;

/// <summary>How a crop is resampled. Both widen their filter when they shrink, as PIL does, so that nothing aliases.</summary>
public enum Interpolation
{
    /// <summary>A triangle of radius 1.</summary>
    Bilinear,

    /// <summary>Keys' cubic of radius 2 with a = -0.5.</summary>
    Bicubic,
}
