namespace Tacit.Data.Sounds;

/// <summary>The first bytes of the kinds of sound that are not decoded here and that ffmpeg is asked for.</summary>
internal static class SoundKinds
{
    /// <summary>The kind's name, or null where the bytes are of none of them.</summary>
    public static string? Foreign(ReadOnlySpan<byte> first)
    {
        if (first.StartsWith("OggS"u8))
        {
            return "Ogg";
        }

        // A sync word of eleven bits, a version, layer II or III, and a bit rate and a sample rate that exist.
        if (first.StartsWith("ID3"u8) || (first.Length >= 3 && first[0] == 0xFF && (first[1] & 0xE0) == 0xE0 && (first[1] & 0x18) != 0x08
            && (first[1] & 6) is 2 or 4 && first[2] >> 4 is > 0 and < 15 && (first[2] & 12) != 12))
        {
            return "MP3";
        }

        if (first.Length >= 2 && first[0] == 0xFF && (first[1] & 0xF6) == 0xF0)
        {
            return "AAC";
        }

        if (first.Length >= 12 && first[4..8].SequenceEqual("ftyp"u8))
        {
            // The other brands are pictures.
            ReadOnlySpan<byte> brand = first[8..12];
            return brand.StartsWith("M4"u8) || brand.StartsWith("mp4"u8) || brand.StartsWith("iso"u8) || brand.StartsWith("qt"u8) || brand.StartsWith("3g"u8) || brand.StartsWith("dash"u8)
                ? "MP4" : null;
        }

        if (first.Length >= 12 && first.StartsWith("FORM"u8) && first[8..11].SequenceEqual("AIF"u8))
        {
            return "AIFF";
        }

        ReadOnlySpan<byte> asf = [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11];
        return first.StartsWith(asf) ? "WMA"
            : first.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]) ? "Matroska"
            : first.StartsWith(".snd"u8) ? "AU"
            : first.StartsWith("caff"u8) ? "CAF"
            : first.StartsWith("#!AMR"u8) ? "AMR"
            : first.StartsWith("wvpk"u8) ? "WavPack"
            : first.StartsWith("MAC "u8) ? "APE"
            : first.StartsWith("TTA1"u8) ? "TTA"
            : first.StartsWith("Creative Voice File"u8) ? "VOC"
            : first.StartsWith("riff"u8) && first.Length >= 8 && first[4] == 0x2E && first[5] == 0x91 ? "Wave64"
            : null;
    }
}
