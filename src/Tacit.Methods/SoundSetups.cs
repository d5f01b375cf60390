using Tacit.Data.Augment;
using Tacit.Nn;

namespace Tacit.Methods;

/// <summary>What surrounds methods on recordings, where their papers have pictures.</summary>
internal static class SoundSetups
{
    /// <summary>
    /// Log-mel pictures of 64 bins and about a second, changed as BYOL-A changes them (Niizumi et al. 2021, arXiv:2103.06695), seen by a
    /// residual network of one channel.
    /// </summary>
    /// <param name="pictures">The method's setup for pictures, whose optimiser and schedule hold for recordings too.</param>
    public static MethodSetup LogMel(MethodSetup pictures) => pictures with
    {
        Architecture = "resnet",
        Model = options => options with { Channels = 1, Mels = 64 },
        BatchSize = 128,
        CropSeconds = 0.95f,
        Sound = SoundAugmentationOptions.ByolA,
    };
}
