namespace Tacit.Data.Augment;

/// <summary>
/// What is done to a picture to make one view of it, in this order: random resized crop, colour jitter, grey, blur,
/// solarise, equalise, flip, quarter turn. The defaults are SimCLR's for CIFAR-10. Names and ranges are torchvision's.
/// </summary>
/// <remarks>Chen et al. 2020, arXiv:2002.05709, appendix A and B.9 (colour strength 0.5, no blur).</remarks>
public sealed record AugmentationOptions
{
    /// <summary>The crop's area as a fraction of the picture's: the least and the most.</summary>
    public float MinScale { get; init; } = 0.08f;

    public float MaxScale { get; init; } = 1f;

    /// <summary>The crop's width over its height: the least and the most, drawn evenly in the logarithm.</summary>
    public float MinRatio { get; init; } = 3f / 4f;

    public float MaxRatio { get; init; } = 4f / 3f;

    public Interpolation Interpolation { get; init; } = Interpolation.Bilinear;

    public float FlipProbability { get; init; } = 0.5f;

    public float JitterProbability { get; init; } = 0.8f;

    /// <summary>Brightness is multiplied by a factor from [max(0, 1 - b), 1 + b].</summary>
    public float Brightness { get; init; } = 0.4f;

    public float Contrast { get; init; } = 0.4f;

    public float Saturation { get; init; } = 0.4f;

    /// <summary>Hue turns by a part of the colour circle from [-h, h], h at most 0.5.</summary>
    public float Hue { get; init; } = 0.1f;

    public float GreyProbability { get; init; } = 0.2f;

    public float BlurProbability { get; init; }

    /// <summary>The blur's standard deviation in pixels: the least and the most.</summary>
    public float MinSigma { get; init; } = 0.1f;

    public float MaxSigma { get; init; } = 2f;

    /// <summary>The blur's window in pixels, odd; 0 for SimCLR's tenth of the view's side.</summary>
    public int BlurKernel { get; init; }

    public float SolarizeProbability { get; init; }

    /// <summary>Levels from here up (of 0 … 255) are inverted.</summary>
    public float SolarizeThreshold { get; init; } = 128f;

    public float EqualizeProbability { get; init; }

    /// <summary>How often a view is turned by one, two or three quarters.</summary>
    public float TurnProbability { get; init; }

    /// <summary>Crop and flip alone: MAE's augmentation.</summary>
    public static AugmentationOptions CropAndFlip { get; } = new() { JitterProbability = 0, GreyProbability = 0 };

    /// <summary>Refuses values that cannot work.</summary>
    /// <exception cref="TacitException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        Probability(nameof(FlipProbability), FlipProbability);
        Probability(nameof(JitterProbability), JitterProbability);
        Probability(nameof(GreyProbability), GreyProbability);
        Probability(nameof(BlurProbability), BlurProbability);
        Probability(nameof(SolarizeProbability), SolarizeProbability);
        Probability(nameof(EqualizeProbability), EqualizeProbability);
        Probability(nameof(TurnProbability), TurnProbability);
        Require(MinScale > 0 && MinScale <= MaxScale && MaxScale <= 1, $"the crop's scale must lie within 0 < min <= max <= 1, not {MinScale} to {MaxScale}");
        Require(MinRatio > 0 && MinRatio <= MaxRatio && float.IsFinite(MaxRatio), $"the crop's ratio must lie within 0 < min <= max, not {MinRatio} to {MaxRatio}");
        Require(Brightness >= 0 && Contrast >= 0 && Saturation >= 0, "brightness, contrast and saturation must not be negative");
        Require(float.IsFinite(Brightness + Contrast + Saturation), "brightness, contrast and saturation must be finite");
        Require(Hue is >= 0 and <= 0.5f, $"hue must lie within 0 and 0.5, not {Hue}");
        Require(MinSigma > 0 && MinSigma <= MaxSigma && float.IsFinite(MaxSigma), $"the blur's sigma must lie within 0 < min <= max, not {MinSigma} to {MaxSigma}");
        Require(BlurKernel == 0 || (BlurKernel > 0 && BlurKernel % 2 == 1), $"the blur's kernel must be odd (or 0 for a tenth of the side), not {BlurKernel}");
    }

    private static void Probability(string name, float value) =>
        Require(value is >= 0 and <= 1, $"{name} must lie within 0 and 1, not {value}");

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new TacitException($"The augmentation cannot work: {what}.");
        }
    }
}
