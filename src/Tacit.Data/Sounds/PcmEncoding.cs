namespace Tacit.Data.Sounds;

/// <summary>How the samples of an uncompressed sound are written.</summary>
internal enum PcmEncoding
{
    Unsigned,
    Signed,
    Float,
    ALaw,
    MuLaw,
}
