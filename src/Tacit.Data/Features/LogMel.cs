namespace Tacit.Data.Features;

/// <summary>log(mel + ε), [frames, NMels]: the pictures of sound of COLA, BYOL-A and DeLoRes.</summary>
/// <param name="options">The mel spectrogram.</param>
/// <param name="epsilon">ε; BYOL-A's is float32's epsilon.</param>
public sealed unsafe class LogMel(MelSpectrogramOptions options, float epsilon = 1.1920929e-7f) : MelSpectrogram(options)
{
    internal override void Block<V>(float* samples, int length, int first, int frames, float* features)
    {
        base.Block<V>(samples, length, first, frames, features);
        Log<V>(features, Dim, epsilon);
    }
}
