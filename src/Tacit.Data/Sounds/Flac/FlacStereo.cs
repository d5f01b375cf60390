namespace Tacit.Data.Sounds.Flac;

/// <summary>How a frame's two channels were made of left and right.</summary>
internal enum FlacStereo
{
    None,
    LeftSide,
    SideRight,
    MidSide,
}
