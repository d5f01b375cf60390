using Tacit.Data.Augment;
using Tacit.Models;
using Tacit.Nn;

namespace Tacit.Methods;

/// <summary>What surrounds methods on recordings, where their papers have pictures.</summary>
internal static class SoundSetups
{
    /// <summary>
    /// Log-mel pictures of 64 bins and about a second, changed and encoded as BYOL-A does (Niizumi et al. 2021, arXiv:2103.06695): by
    /// AudioNTT, which costs two cores less than half of what a residual network of width 16 does.
    /// </summary>
    /// <param name="pictures">The method's setup for pictures, whose optimiser and schedule hold for recordings too.</param>
    public static MethodSetup LogMel(MethodSetup pictures) => pictures with
    {
        Architecture = BackboneFactory.AudioNtt,
        Model = options => options with { Channels = 1, Mels = 64 },
        BatchSize = 128,
        CropSeconds = 0.95f,
        Sound = SoundAugmentationOptions.ByolA,
    };
}
