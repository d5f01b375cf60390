namespace Tacit.Data.Sounds.Flac;

/// <summary>A frame's first sample and its place, in bytes behind the first frame.</summary>
internal readonly record struct FlacSeekPoint(long Sample, long Offset);
