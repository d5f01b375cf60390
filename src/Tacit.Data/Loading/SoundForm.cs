namespace Tacit.Data.Loading;

/// <summary>What an encoder of sound is shown.</summary>
public enum SoundForm
{
    /// <summary>Samples, [T].</summary>
    Wave,

    /// <summary>FBANK frames, [T, F].</summary>
    Frames,

    /// <summary>A log-mel spectrogram as a picture of one channel, [T, F, 1].</summary>
    Picture,
}
